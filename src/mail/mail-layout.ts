/** The layout of all mails: a heading, paragraphs and at most one button, as text and as HTML. Pure. */

/** The content of a mail, as plain text. It is escaped here. */
export interface MailContent {
  readonly heading: string;
  /** Paragraphs above the button. */
  readonly paragraphs: readonly string[];
  readonly button?: { readonly label: string; readonly address: string };
  /** Paragraphs below: why the recipient gets this mail, or what to do if it was not expected. */
  readonly closing: readonly string[];
  readonly product: string;
}

/** Returns the mail as text and as HTML. In the text, the button's address has its own line. */
export function layOutMail(content: MailContent): { readonly text: string; readonly html: string } {
  return { text: toText(content), html: toHtml(content) };
}

function toText({ heading, paragraphs, button, closing, product }: MailContent): string {
  return [
    heading,
    ...paragraphs,
    ...(button === undefined ? [] : [`${button.label}:\n${button.address}`]),
    ...closing,
    `-- \n${product}`,
  ].join('\n\n');
}

function toHtml({ heading, paragraphs, button, closing, product }: MailContent): string {
  const paragraph = (text: string, style = '') =>
    `<p style="margin:0 0 16px;${style}">${escapeHtml(text)}</p>`;
  const mutedStyle = 'color:#57616d;font-size:14px;';
  const buttonPart =
    button === undefined
      ? ''
      : `<p style="margin:0 0 16px"><a href="${escapeHtml(button.address)}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#1c5079;color:#ffffff;text-decoration:none;font-weight:600">${escapeHtml(button.label)}</a></p>
${paragraph('If the button does not work, copy this address into your browser:', mutedStyle)}
<p style="margin:0 0 16px;${mutedStyle}word-break:break-all">${escapeHtml(button.address)}</p>`;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(heading)}</title></head>
<body style="margin:0;padding:24px;background:#f6f8fa;color:#1d2126;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
<div style="max-width:560px;margin:0 auto;padding:32px;border-radius:12px;background:#ffffff">
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">${escapeHtml(heading)}</h1>
${paragraphs.map((text) => paragraph(text)).join('\n')}
${buttonPart}
${closing.map((text) => paragraph(text, mutedStyle)).join('\n')}
${paragraph(product, mutedStyle)}
</div>
</body>
</html>
`;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for HTML, between tags and in attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (mark) => escapes[mark] ?? mark);
}
