/**
 * The help pages of the app, which are pages of the documentation.
 *
 * This folder shows the help pages.
 */
import errors from '../../docs/errors.md?raw';
import setup from '../../docs/skyward-setup.md?raw';
import statuses from '../../docs/status-rules.md?raw';
import guide from '../../docs/user-guide.md?raw';

export interface HelpPage {
  /** The last part of its address; empty for the first page. */
  readonly page: string;
  /** Its file in the documentation. */
  readonly file: string;
  readonly title: string;
  /** Markdown, without the title. */
  readonly text: string;
}

export const helpPages: readonly HelpPage[] = [
  helpPage('', 'user-guide.md', guide),
  helpPage('setup', 'skyward-setup.md', setup),
  helpPage('problems', 'errors.md', errors),
  helpPage('statuses', 'status-rules.md', statuses),
];

function helpPage(page: string, file: string, source: string): HelpPage {
  const [, title = file, text = source] = /^# (.+)\n([\s\S]*)$/.exec(source) ?? [];
  return { page, file, title, text };
}

const pictures = import.meta.glob<string>(
  ['../../docs/images/guide/*.png', '../../docs/images/students.png'],
  { query: '?url', import: 'default', eager: true },
);

/** Returns the address of the picture `images/….png` of a page. */
export const pictureAddress = (source: string): string | undefined =>
  pictures[`../../docs/${source}`];

/** Returns the help page that a link leads to; `undefined` if it is not in the app. */
export function helpLink(
  address: string,
): { readonly page: string; readonly hash: string } | undefined {
  const [file, hash = ''] = address.split('#');
  const found = helpPages.find((page) => page.file === file);
  return found && { page: found.page, hash };
}

/** Returns the anchor of a heading: `Reading from Skyward` becomes `reading-from-skyward`. */
export const headingName = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replaceAll(/\s+/g, '-');
