/** The pages of help in the app: the same that the documentation has, so that nothing is told twice. */
import errors from '../../docs/errors.md?raw';
import setup from '../../docs/skyward-setup.md?raw';
import statuses from '../../docs/status-rules.md?raw';
import guide from '../../docs/user-guide.md?raw';

export interface HelpPage {
  /** The last part of its address; empty: the first page. */
  readonly page: string;
  /** What the documentation calls the file. */
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

/** Where the picture `images/….png` of a page is served. */
export const pictureAddress = (source: string): string | undefined =>
  pictures[`../../docs/${source}`];

/** Where a link of a page leads inside the app; `undefined`: to nothing that is in it. */
export function helpLink(
  address: string,
): { readonly page: string; readonly hash: string } | undefined {
  const [file, hash = ''] = address.split('#');
  const found = helpPages.find((page) => page.file === file);
  return found && { page: found.page, hash };
}

/** The name that a heading is linked by: `Reading from Skyward` becomes `reading-from-skyward`. */
export const headingName = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replaceAll(/\s+/g, '-');
