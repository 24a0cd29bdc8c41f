import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

import { assert, integer, nat, property, string, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type KeySet, verifyIdToken } from './id-token.ts';

const now = Temporal.Instant.from('2026-11-23T12:00:00Z');
const seconds = now.epochMilliseconds / 1000;
const expected = { issuer: 'https://id.example', clientId: 'daybreak', nonce: 'n-1', now };
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const edwards = generateKeyPairSync('ed25519');

const keySetOf = (key: KeyObject, more: object = {}) =>
  ({ keys: [{ ...key.export({ format: 'jwk' }), kid: 'k1', ...more }] }) as KeySet;
const keySet = keySetOf(rsa.publicKey);
const claims = {
  iss: 'https://id.example',
  sub: 'p1',
  aud: 'daybreak',
  exp: seconds + 300,
  iat: seconds,
  nonce: 'n-1',
  email: 'robin@demo.example',
  email_verified: true,
};
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token of these claims, signed with RS256 by default. */
function token(changed: object = {}, header: object = {}, key = rsa.privateKey, hash = 'sha256') {
  const text = `${part({ alg: 'RS256', kid: 'k1', ...header })}.${part({ ...claims, ...changed })}`;
  return `${text}.${sign(hash, Buffer.from(text), key).toString('base64url')}`;
}

describe('an ID token', () => {
  it('that is valid identifies the user', () => {
    expect(verifyIdToken(token(), keySet, expected)).toEqual({
      sub: 'p1',
      email: 'robin@demo.example',
      email_verified: true,
    });
  });

  it('may be signed on a curve', () => {
    const text = `${part({ alg: 'ES256' })}.${part(claims)}`;
    const key = { key: curve.privateKey, dsaEncoding: 'ieee-p1363' } as const;
    const signed = `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
    expect(verifyIdToken(signed, keySetOf(curve.publicKey), expected)?.sub).toBe('p1');
    const other = `${part({ alg: 'EdDSA' })}.${part(claims)}`;
    const byEdwards = sign(null, Buffer.from(other), edwards.privateKey).toString('base64url');
    const known = keySetOf(edwards.publicKey);
    expect(verifyIdToken(`${other}.${byEdwards}`, known, expected)?.sub).toBe('p1');
  });

  it.each([
    ['of another issuer', { iss: 'https://evil.example' }],
    ['for another client', { aud: 'other' }],
    ['for several clients without naming us', { aud: ['daybreak', 'other'] }],
    ['for several clients, handed to another', { aud: ['daybreak', 'other'], azp: 'other' }],
    ['that has expired', { exp: seconds - 61 }],
    ['from the future', { iat: seconds + 61 }],
    ['of another sign-in', { nonce: 'n-2' }],
    ['without a nonce', { nonce: undefined }],
    ['without a person', { sub: '' }],
  ])('%s does not hold', (_, changed) => {
    expect(verifyIdToken(token(changed), keySet, expected)).toBeUndefined();
  });

  it.each(['none', 'HS256', 'RS1', 'ES256', 'EdDSA', ''])(
    'under the algorithm "%s" does not hold with a key of RSA',
    (alg) => {
      expect(verifyIdToken(token({}, { alg }), keySet, expected)).toBeUndefined();
    },
  );

  it('signed by a key that is short, of another kind, or unknown does not hold', () => {
    const short = token({}, {}, weak.privateKey);
    expect(verifyIdToken(short, keySetOf(weak.publicKey), expected)).toBeUndefined();
    expect(
      verifyIdToken(token(), keySetOf(rsa.publicKey, { use: 'enc' }), expected),
    ).toBeUndefined();
    expect(
      verifyIdToken(token(), keySetOf(rsa.publicKey, { kid: 'k2' }), expected),
    ).toBeUndefined();
    expect(
      verifyIdToken(token(), keySetOf(rsa.publicKey, { alg: 'PS256' }), expected),
    ).toBeUndefined();
    expect(verifyIdToken(token(), { keys: [] }, expected)).toBeUndefined();
  });

  it('does not hold after any change of a byte, and no text makes it throw', () => {
    const parts = token().split('.');
    const change = tuple(nat(2), nat(5000), integer({ min: 1, max: 255 }));
    assert(
      property(change, ([index, place, flip]) => {
        const bytes = Buffer.from(parts[index] ?? '', 'base64url');
        const at = place % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        const changed = parts.with(index, bytes.toString('base64url')).join('.');
        expect(verifyIdToken(changed, keySet, expected)).toBeUndefined();
      }),
    );
    assert(
      property(string(), (text) => {
        expect(verifyIdToken(text, keySet, expected)).toBeUndefined();
      }),
    );
  });
});
