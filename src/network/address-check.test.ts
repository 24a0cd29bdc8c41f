import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBaseUrl, isPublicAddress } from './address-check.ts';

const strict = { allowPrivateAddresses: false };
const lenient = { allowPrivateAddresses: true };

describe('checking a base URL', () => {
  it.each([
    ['https://skyward.example.com/ExampleStuAPI', '/ExampleStuAPI'],
    ['https://skyward.example.com/ExampleStuAPI/', '/ExampleStuAPI'],
    ['  https://8.8.8.8/API ', '/API'],
    ['https://[2606:4700::1111]:8443/API', '/API'],
  ])('accepts %s', (text, path) => {
    const check = checkBaseUrl(text, strict);
    expect(check.ok && check.url.pathname).toBe(path);
  });

  it.each([
    'skyward',
    'ftp://skyward.example.com/API',
    'http://skyward.example.com/API',
    'https://key:secret@skyward.example.com/API',
    'https://skyward.example.com/API?x=1',
    'https://skyward.example.com/API#x',
    'https://127.0.0.1/API',
    'https://2130706433/API',
    'https://0177.0.0.1/API',
    'https://0x7f.1/API',
    'https://10.1.2.3/API',
    'https://172.31.0.1/API',
    'https://192.168.0.10/API',
    'https://100.64.0.1/API',
    'https://169.254.169.254/latest',
    'https://0.0.0.0/API',
    'https://[::1]/API',
    'https://[fe80::1]/API',
    'https://[fd00::1]/API',
    'https://[::ffff:127.0.0.1]/API',
    'https://[::ffff:a00:1]/API',
    'https://[64:ff9b::7f00:1]/API',
    'https://localhost/API',
    'https://api.localhost/API',
  ])('rejects %s', (text) => {
    expect(checkBaseUrl(text, strict)).toMatchObject({ ok: false });
  });

  it.each([
    ['https://skyward.iscorp.com/APIExampleSTU/v1', 'Skyward SMS 2.0'],
    ['https://skyward.iscorp.com/apiexamplestu', 'Skyward SMS 2.0'],
    ['https://skyward.iscorp.com/ExampleStuSTS', '…/ExampleStuAPI'],
    ['https://example.skyward.com/exampleSTS/Session/Signin', '…/exampleAPI'],
    ['https://example.skyward.com/exampleAPI/ims/oneroster/v1p2', 'OneRoster'],
  ])('names the product whose address %s is', (text, words) => {
    expect(checkBaseUrl(text, strict)).toMatchObject({
      ok: false,
      message: expect.stringContaining(words) as string,
    });
  });

  it('allows private addresses and http to them if set, never http to public ones', () => {
    expect(checkBaseUrl('http://127.0.0.1:4010/API', lenient).ok).toBe(true);
    expect(checkBaseUrl('http://[::1]:4010/API', lenient).ok).toBe(true);
    expect(checkBaseUrl('https://10.0.0.5/API', lenient).ok).toBe(true);
    expect(checkBaseUrl('http://8.8.8.8/API', lenient).ok).toBe(false);
    expect(checkBaseUrl('http://[::ffff:8.8.8.8]/API', lenient).ok).toBe(false);
  });
});

describe('public addresses', () => {
  const octet = fc.nat(255);

  it('rejects every private IPv4 address in every spelling a URL allows', () => {
    const privateAddress = fc.oneof(
      fc.tuple(fc.constantFrom(10, 127, 0), octet, octet, octet),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
      fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
      fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), octet, octet),
    );
    fc.assert(
      fc.property(privateAddress, ([a, b, c, d]) => {
        const number = ((a * 256 + b) * 256 + c) * 256 + d;
        const spellings = [
          `${a}.${b}.${c}.${d}`,
          String(number),
          `0x${number.toString(16)}`,
          `0${a.toString(8)}.${b}.${c}.0${d.toString(8)}`,
          `[::ffff:${a}.${b}.${c}.${d}]`,
        ];
        const accepted = spellings.filter((host) => checkBaseUrl(`https://${host}/API`, strict).ok);
        expect(accepted).toEqual([]);
      }),
    );
  });

  it.each([
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '192.169.0.1',
    '2606:4700::1',
    '::ffff:8.8.8.8',
  ])('calls %s public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    'not an address',
    '',
    '::',
    'fe80::1%eth0',
    '2001:db8::1',
    '2002:7f00:1::',
    '224.0.0.1',
    '255.255.255.255',
    // The registries of special-purpose addresses, each range with its first and last address.
    '192.31.196.0',
    '192.31.196.255',
    '192.52.193.1',
    '192.88.99.2',
    '192.175.48.6',
    '192.175.48.255',
    '64:ff9b::808:808',
    '64:ff9b:1::1',
    '100::1',
    '100:0:0:1::1',
    '2001::1',
    '2001:1ff:ffff::1',
    '2620:4f:8000::',
    '2620:4f:8000:ffff:ffff:ffff:ffff:ffff',
    '3fff::1',
    '3fff:fff:ffff::1',
    '5f00::1',
    'fc00::1',
    'fec0::1',
    'ff02::1',
    '::ffff:192.175.48.6',
  ])('does not call %s public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
