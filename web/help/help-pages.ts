/**
 * The help pages of the app, which are pages of the documentation.
 *
 * This folder shows the help pages.
 */
export interface HelpPage {
  /** The last part of its address; empty for the first page. */
  readonly page: string;
  /** Its file in the documentation. */
  readonly file: string;
  readonly title: string;
  /** Loads its Markdown, without the title: each page is sent when it is opened. */
  readonly load: () => Promise<string>;
}

export const helpPages: readonly HelpPage[] = [
  {
    page: '',
    file: 'user-guide.md',
    title: 'Using the web app',
    load: async () => textOf(await import('../../docs/user-guide.md?raw')),
  },
  {
    page: 'setup',
    file: 'skyward-setup.md',
    title: 'Set up Skyward Qmlativ Demographics',
    load: async () => textOf(await import('../../docs/skyward-setup.md?raw')),
  },
  {
    page: 'problems',
    file: 'errors.md',
    title: 'Errors and problems',
    load: async () => textOf(await import('../../docs/errors.md?raw')),
  },
  {
    page: 'statuses',
    file: 'status-rules.md',
    title: 'How a student’s enrollment status is determined',
    load: async () => textOf(await import('../../docs/status-rules.md?raw')),
  },
];

/** With the apostrophes of screens. */
const textOf = ({ default: source }: { readonly default: string }): string =>
  source.replace(/^# .+\n/, '').replaceAll(/(?<=\p{L})'(?=\p{L})/gu, '’');

/** Only of Skyward: a person who reads the help in the app sees the app. */
const pictures = import.meta.glob<string>('../../docs/images/guide/*.png', {
  query: '?url',
  import: 'default',
  eager: true,
});

/** Returns the address of the picture `images/guide/….png` of a page. */
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
