import { assert, property, string } from 'fast-check';
import { expect, it } from 'vitest';
import {
  newSealingKey,
  openSecret,
  parseSealingKey,
  SealError,
  sealSecret,
} from './sealed-secret.ts';

const key = newSealingKey();

it('opens any secret that it sealed, and never contains it in plain text', () => {
  assert(
    property(string({ unit: 'grapheme', minLength: 4 }), (secret) => {
      const sealed = sealSecret(secret, 'district 1', key);
      expect(openSecret(sealed, 'district 1', key)).toBe(secret);
      expect(sealed).not.toContain(secret);
    }),
  );
});

it('seals the same secret differently every time', () => {
  expect(sealSecret('same', 'd', key)).not.toBe(sealSecret('same', 'd', key));
});

it('does not open for another district, with another key, or after any change', () => {
  const sealed = sealSecret('a secret', 'district 1', key);
  expect(() => openSecret(sealed, 'district 2', key)).toThrow(SealError);
  expect(() => openSecret(sealed, 'district 1', newSealingKey())).toThrow(SealError);
  const [version, id, content = ''] = sealed.split(':');
  const bytes = Buffer.from(content, 'base64');
  for (let index = 0; index < bytes.length; index++) {
    const changed = Buffer.from(bytes);
    changed[index] = (changed[index] ?? 0) ^ 1;
    const moved = `${version}:${id}:${changed.toString('base64')}`;
    expect(() => openSecret(moved, 'district 1', key)).toThrow(SealError);
  }
  expect(() => openSecret('v1:short', 'district 1', key)).toThrow(SealError);
});

it('opens no other form than the one it seals in', () => {
  const sealed = sealSecret('a secret', 'district 1', key);
  const [, id = '', content = ''] = sealed.split(':');
  const bytes = Buffer.from(content, 'base64');
  const others = [
    `${sealed}:anything`,
    `${sealed}:`,
    `${sealed}\n`,
    ` ${sealed}`,
    `${sealed}=`,
    `v1:${id}: ${content}`,
    `v1:${id}:${content.slice(0, 8)}\n${content.slice(8)}`,
    `v1:${id}:${bytes.toString('base64url')}?`,
    `v1:${id}:${bytes.subarray(0, 27).toString('base64')}`,
    `v1:${id}:`,
    `v2:${id}:${content}`,
    `V1:${id}:${content}`,
  ];
  for (const other of others) {
    expect(() => openSecret(other, 'district 1', key)).toThrow(SealError);
  }
});

it('opens a value of a former purpose too, where one is named', () => {
  const sealed = sealSecret('a secret', 'former', key);
  expect(() => openSecret(sealed, 'present', key)).toThrow(SealError);
  expect(openSecret(sealed, 'present', key, 'former')).toBe('a secret');
  expect(() => openSecret(sealed, 'present', key, 'other')).toThrow(SealError);
});

it('accepts 32 bytes in base64 as a key and nothing else', () => {
  expect(parseSealingKey(key.bytes.toString('base64'))?.id).toBe(key.id);
  expect(parseSealingKey('too short')).toBeUndefined();
  expect(parseSealingKey('')).toBeUndefined();
});
