import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { AppPage } from './app-page.ts';

const origin = 'https://app.example';
const isPage = (page: string) => AppPage.safeParse(page).success;

it.each([
  '/',
  '/a/demo.example/students',
  '/a/demo.example/students?search=00020413&page=2',
  '/a/demo.example/students/7/details#phones',
  '/students?from=https://x.example//y',
  '/apiary',
  '/a/Ünal und Söhne',
])('takes the page %s', (page) => {
  expect(isPage(page)).toBe(true);
});

it.each([
  '',
  'students',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\t\\evil.example',
  '/\n/evil.example',
  '/\r/evil.example',
  '/\0',
  '\t//evil.example',
  ' //evil.example',
  '/.//evil.example',
  '/a/..//evil.example',
  '/a/%2e%2e//evil.example',
  '/a\\..\\\\evil.example',
  'https://evil.example',
  'https:evil.example',
  'javascript:alert(1)',
  '/students\r\nset-cookie: a=b',
  '/students?search=a\tb',
  '/api',
  '/api/session',
  '/api?x',
])('refuses %j', (page) => {
  expect(isPage(page)).toBe(false);
});

const pieces = [
  '/',
  '\\',
  '\t',
  '\n',
  '\r',
  '\0',
  ' ',
  '.',
  '..',
  '%2e',
  '%2f',
  ':',
  '@',
  '?',
  '#',
];
const address = fc
  .array(fc.constantFrom(...pieces, 'https', 'evil.example', 'é', '\u{2028}'), { maxLength: 8 })
  .map((parts) => `/${parts.join('')}`);

it('takes nothing that leads to another site, as it is or written once more', () => {
  fc.assert(
    fc.property(address, (page) => {
      fc.pre(isPage(page));
      const once = new URL(page, origin);
      const again = new URL(`${once.pathname}${once.search}${once.hash}`, origin);
      expect([once.origin, again.origin, again.pathname]).toEqual([origin, origin, once.pathname]);
    }),
  );
});
