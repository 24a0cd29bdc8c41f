import { expect, it } from 'vitest';

import type { ValueSource } from '../../../src/contract/documents/documents.ts';
import type { FieldValue } from '../../../src/contract/documents/form-template.ts';
import { type HeldField, isCopied, ownSource, sharedSource } from './section-fields.ts';

const skyward = { kind: 'skyward', importDate: '2026-11-23', by: null } as const;
const manual = { kind: 'manual', importDate: null, by: null } as const;
const typed = { kind: 'typed', importDate: null, by: 'Robin Hale' } as const;

const held = (
  value: FieldValue,
  source: ValueSource | null,
  note: string | null = null,
  isRequired = false,
): HeldField => ({
  field: { kind: 'text', key: 'one', label: 'One', isRequired },
  held: { key: 'one', value, source, note },
});

it('copied values are read-only, entered ones are inputs', () => {
  expect(isCopied(held('Ana', skyward))).toBe(true);
  expect(isCopied(held('she/her', manual))).toBe(true);
  expect(isCopied(held('Annual', typed))).toBe(false);
  expect(isCopied(held(null, null))).toBe(false);
});

it('a value that Details lack is an input only where it is required', () => {
  expect(isCopied(held(null, null, 'Details have no state ID.'))).toBe(true);
  expect(isCopied(held(null, null, 'Details have no birth date.', true))).toBe(false);
});

it('the source of a section is that of most values, and only others are named again', () => {
  const fields = [
    held('Ana', skyward),
    held('she/her', manual),
    held('07', skyward),
    held('x', typed),
  ];
  const shared = sharedSource(fields);
  expect(shared).toBe('From Skyward, Nov 23, 2026');
  expect(fields.map((one) => ownSource(one, shared))).toEqual([
    '',
    'From Details, added manually',
    '',
    'Entered by Robin Hale',
  ]);
  expect(sharedSource([held('x', typed), held(null, null)])).toBeUndefined();
});
