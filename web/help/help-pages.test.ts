import { describe, expect, it } from 'vitest';

import { headingName, helpLink, helpPages, pictureAddress } from './help-pages.ts';

const sources = import.meta.glob<{ readonly default: string }>('../../docs/*.md', {
  query: '?raw',
  eager: true,
});

describe.each(helpPages)('$file', ({ file, title, load }) => {
  it('has the title of its file and the text below it', async () => {
    const { default: source } = sources[`../../docs/${file}`] ?? { default: '' };
    expect(`# ${title}\n${await load()}`.replaceAll('’', "'")).toBe(source.replaceAll('’', "'"));
  });

  it('shows every picture of Skyward that it mentions', async () => {
    const text = await load();
    const pictures = Array.from(text.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g), ([, source]) => source);
    expect(
      pictures.filter(
        (source) => source?.includes('/guide/') && pictureAddress(source) === undefined,
      ),
    ).toEqual([]);
  });
});

it('a link to a page of help stays in the app, with its heading; others have no place there', () => {
  expect(helpLink('errors.md#the-import-itself')).toEqual({
    page: 'problems',
    hash: 'the-import-itself',
  });
  expect(helpLink('user-guide.md')).toEqual({ page: '', hash: '' });
  expect(helpLink('api.md#errors')).toBeUndefined();
});

it('headings are linked by their words', () => {
  expect(headingName('1. Find the integration')).toBe('1-find-the-integration');
});
