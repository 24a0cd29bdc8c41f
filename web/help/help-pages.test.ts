import { describe, expect, it } from 'vitest';

import { headingName, helpLink, helpPages, pictureAddress } from './help-pages.ts';

describe.each(helpPages)('$file', ({ title, text }) => {
  it('has a title and the text below it', () => {
    expect(title).not.toMatch(/\.md$/);
    expect(text).not.toMatch(/^# /m);
  });

  it('shows every picture it mentions', () => {
    const sources = Array.from(text.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g), ([, source]) => source);
    expect(sources.filter((source) => pictureAddress(source ?? '') === undefined)).toEqual([]);
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
