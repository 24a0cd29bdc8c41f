/** The frame of every page of the sandbox Skyward: head, bar, breadcrumb, style. */
import { html } from 'hono/html';

/** A piece of HTML; it can contain other pieces. */
export type Html = ReturnType<typeof html>;

/** Parts of a page around its content. */
export interface PageFrame {
  readonly title: string;
  /** Root path of the pages, such as `/PracticeStuSTS`. */
  readonly root: string;
  readonly user?: string | undefined;
  readonly formToken?: string | undefined;
  readonly notice?: string | undefined;
  /** The parent pages, outermost first. */
  readonly breadcrumb?: readonly { readonly text: string; readonly href: string }[];
  readonly content: Html;
}

/** Returns a whole page. */
export function page(frame: PageFrame): Html {
  const { title, root, user, notice, content } = frame;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} - Sandbox Skyward</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${root}/style.css" />
      </head>
      <body>
        <a class="skip" href="#content">Skip to content</a>
        <header>
          <span class="brand">Sandbox Skyward <small>Qmlativ</small></span>
          <span class="district">Larkspur Springs ISD</span>
          ${user === undefined ? '' : bar(frame)}
        </header>
        ${breadcrumb(frame)}
        <main id="content">
          <h1>${title}</h1>
          ${notice === undefined ? '' : html`<p role="status" class="notice">${notice}</p>`}
          ${content}
        </main>
        <footer>An invented district for testing. Not a product of Skyward.</footer>
      </body>
    </html>`;
}

function bar({ root, user, formToken }: PageFrame): Html {
  return html`<nav aria-label="Main">
      <a href="${root}/administrative-access">Administrative Access</a>
    </nav>
    <form method="post" action="${root}/sign-out" class="sign-out">
      <span>${user}</span>
      ${formTokenField(formToken)}
      <button type="submit" class="quiet">Sign Out</button>
    </form>`;
}

/** Returns the hidden field without which a form is rejected. */
export function formTokenField(token: string | undefined): Html {
  return html`<input type="hidden" name="formToken" value="${token ?? ''}" />`;
}

function breadcrumb({ breadcrumb: ancestors, title }: PageFrame): Html {
  if (ancestors === undefined) return html``;
  return html`<nav aria-label="Breadcrumb" class="trail">
    <ol>
      ${ancestors.map(({ text, href }) => html`<li><a href="${href}">${text}</a></li>`)}
      <li aria-current="page">${title}</li>
    </ol>
  </nav>`;
}

/** Style sheet; colors have a contrast of at least 4.5 to 1. */
export const style = `
*{box-sizing:border-box}
body{margin:0;font:15px/1.45 "Segoe UI",system-ui,sans-serif;color:#1d2733;background:#f3f5f8}
a{color:#0b5394}
a:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,textarea:focus-visible,.button:focus-visible{outline:3px solid #ffb300;outline-offset:2px}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:#fff;padding:8px;z-index:1}
header{display:flex;flex-wrap:wrap;gap:8px 24px;align-items:center;background:#12395b;color:#fff;padding:10px 24px}
header a{color:#fff}
.brand{font-weight:700;font-size:18px}.brand small{font-weight:400}
.district{color:#d5e3f0}
.sign-out{margin-left:auto;display:flex;gap:12px;align-items:center}
.trail{background:#fff;border-bottom:1px solid #d4dae1;padding:8px 24px}
.trail ol{list-style:none;display:flex;flex-wrap:wrap;margin:0;padding:0}
.trail li+li::before{content:"\\203A";padding:0 8px;color:#5a6673}
main{max-width:1080px;margin:0 auto;padding:16px 24px 40px}
h1{font-size:24px;margin:8px 0 16px}h2{font-size:18px;margin:24px 0 8px}
footer{color:#4d5966;padding:16px 24px;text-align:center;font-size:13px}
.card{background:#fff;border:1px solid #d4dae1;border-radius:4px;padding:16px 20px;margin-bottom:16px}
.narrow{max-width:420px;margin:40px auto}
table{border-collapse:collapse;width:100%;background:#fff;border:1px solid #d4dae1}
caption{text-align:left;padding:8px 0;color:#4d5966}
th,td{text-align:left;padding:8px 12px;border-bottom:1px solid #e3e8ee;vertical-align:top}
thead th{background:#e8edf3}
dl{display:grid;grid-template-columns:minmax(140px,220px) 1fr;gap:6px 16px;margin:0}
dt{color:#4d5966}dd{margin:0;overflow-wrap:anywhere}
[role=tablist]{display:flex;flex-wrap:wrap;gap:4px;border-bottom:2px solid #12395b;margin-bottom:16px}
[role=tab]{padding:8px 16px;text-decoration:none;background:#e0e7ee;border-radius:4px 4px 0 0}
[role=tab][aria-selected=true]{background:#12395b;color:#fff}
.field{margin-bottom:14px}
.field label,legend{display:block;font-weight:600;margin-bottom:3px}
.field input:not([type=checkbox]),.field select,.field textarea{width:100%;max-width:480px;padding:7px 9px;font:inherit;border:1px solid #6d7986;border-radius:3px;background:#fff}
.field .check,.entities label{font-weight:400;display:flex;gap:8px;align-items:center}
[aria-invalid=true]{border-color:#b3261e!important}
.hint{color:#4d5966;margin:3px 0 0;font-size:13px}
.error{color:#a01d16;margin:3px 0 0;font-weight:600}
.problems{border:2px solid #a01d16;background:#fff;padding:8px 16px;border-radius:4px;margin-bottom:16px}
fieldset{border:1px solid #b9c2cc;border-radius:4px;margin:0 0 14px;padding:10px 14px}
.entities ul{list-style:none;margin:0;padding:0;columns:300px}
.entities li{padding:3px 0;break-inside:avoid}
.actions{display:flex;flex-wrap:wrap;gap:10px;align-items:center;margin:12px 0}
.actions form{margin:0}
button,.button{font:inherit;padding:7px 16px;border-radius:3px;border:1px solid #0b5394;background:#0b5394;color:#fff;cursor:pointer;text-decoration:none;display:inline-block}
.button.plain,button.plain{background:#fff;color:#0b5394}
button.danger,.button.danger{background:#a01d16;border-color:#a01d16;color:#fff}
button.quiet{background:transparent;border-color:#fff}
.notice{background:#e3f2e6;border:1px solid #2e6b3a;padding:8px 14px;border-radius:4px}
.state{padding:1px 8px;border-radius:10px;background:#e0e7ee;white-space:nowrap}
.state.active{background:#d7efdc;color:#16491f}.state.expired,.state.inactive{background:#f8dedb;color:#7c1610}
.tiles{list-style:none;display:flex;flex-wrap:wrap;gap:16px;padding:0}
.tiles li{background:#fff;border:1px solid #d4dae1;border-radius:4px;padding:16px 20px;min-width:220px}
`;
