import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { callerAddress, toNetwork, parseProxies, ProxyListError } from './caller-address.ts';

const proxies = parseProxies('10.0.0.0/8, 192.0.2.7 fd00::/8,2001:db8:1::5');

/** Whether this peer is a trusted proxy. */
const isTrusted = (peer: string) => callerAddress(peer, '203.0.113.9', proxies) === '203.0.113.9';

describe('the list of trusted proxies', () => {
  it.each([
    ['10.255.0.1', true],
    ['11.0.0.1', false],
    ['192.0.2.7', true],
    ['192.0.2.8', false],
    ['fd12:3456::1', true],
    ['2001:db8:1::5', true],
    ['2001:db8:1::6', false],
    ['::ffff:10.0.0.1', true],
  ])('has ranges and addresses of both kinds: %s %s', (peer, expected) => {
    expect(isTrusted(peer)).toBe(expected);
  });

  it('accepts a range of IPv4 that is written as IPv6', () => {
    const mapped = parseProxies('::ffff:10.0.0.0/104');
    expect(callerAddress('10.1.2.3', '203.0.113.9', mapped)).toBe('203.0.113.9');
  });

  it.each([
    ['localhost', 1],
    ['10.0.0.1, 10.0.0.0/33', 2],
    ['10.0.0.0/', 1],
    ['10.0.0.0/8/8', 1],
    ['10.0.0.0/-1', 1],
    ['10.0.0.0/255.0.0.0', 1],
    ['10.0.0', 1],
    ['::1/129', 1],
    ['[::1]', 1],
    ['::1, fd00::/8; 10.0.0.1', 2],
  ])('refuses what is no address and no range, and says which entry it is: %s', (text, entry) => {
    expect(() => parseProxies(text)).toThrow(new ProxyListError(entry, 'unreadable'));
  });

  it.each(['0.0.0.0/0', '::/0', '10.0.0.0/8, 1.2.3.4/0'])(
    'rejects a range of all addresses: %s',
    (text) => {
      expect(() => parseProxies(text)).toThrow(/all-addresses/);
    },
  );
});

describe("the caller's address", () => {
  it.each([
    ['without a header', '10.0.0.1', undefined, '10.0.0.1'],
    ['of a peer that is no proxy', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['through one proxy', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['through two', '10.0.0.1', '198.51.100.1, 10.0.0.2', '198.51.100.1'],
    [
      'with forged ones further left',
      '10.0.0.1',
      '10.0.0.3, 1.1.1.1, 198.51.100.1',
      '198.51.100.1',
    ],
    ['with forged proxies alone', '10.0.0.1', '10.0.0.3, 10.0.0.4', '10.0.0.3'],
    ['without spaces', '10.0.0.1', '1.1.1.1,198.51.100.1,10.0.0.2', '198.51.100.1'],
    ['with more of them, and tabs', '10.0.0.1', '1.1.1.1 ,\t 198.51.100.1\t ', '198.51.100.1'],
    ['with empty entries', '10.0.0.1', ',, 198.51.100.1,  ,', '198.51.100.1'],
    ['with a port', '10.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    ['in brackets', '10.0.0.1', '[2001:db8::9]', '2001:db8::9'],
    ['in brackets with a port', '10.0.0.1', '[2001:db8::9]:4711', '2001:db8::9'],
    ['with a proxy that has a port', '10.0.0.1', '198.51.100.1, 10.0.0.2:80', '198.51.100.1'],
    ['of IPv6 without brackets', '10.0.0.1', '2001:DB8:0:0::9', '2001:db8::9'],
    ['of IPv4 written as IPv6', '::ffff:10.0.0.1', '::FFFF:c633:6401', '198.51.100.1'],
    ['of a machine nearby', 'fd00::1', 'fe80::1%eth0', 'fe80::1'],
    ['with a name', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['left of what is no address', '10.0.0.1', '198.51.100.1, unknown', '10.0.0.1'],
    [
      'left of what is no address, two proxies',
      '10.0.0.1',
      '1.1.1.1, _hidden, 10.0.0.2',
      '10.0.0.2',
    ],
    ['in a number', '10.0.0.1', '3325256705', '10.0.0.1'],
    ['in a short form', '10.0.0.1', '127.1', '10.0.0.1'],
    ['in quotes', '10.0.0.1', '"198.51.100.1"', '10.0.0.1'],
  ])('%s', (_, peer, header, expected) => {
    expect(callerAddress(peer, header, proxies)).toBe(expected);
  });

  it('is the peer as it is when no proxy is trusted', () => {
    expect(callerAddress('10.0.0.1', '198.51.100.1', undefined)).toBe('10.0.0.1');
    expect(callerAddress('unknown', '198.51.100.1', proxies)).toBe('unknown');
  });

  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.ipV4(),
    fc.ipV6(),
    fc.constantFrom('10.0.0.2', 'fd00::2', '[fd00::2]:1', '10.0.0.2:', '[', ']:', '%', '::ffff:'),
  );
  const proxy = fc.constantFrom('10.0.0.2', '10.9.9.9', 'fd00::2', '192.0.2.7');
  const stranger = fc.constantFrom('198.51.100.1', '11.0.0.1', '2001:db8::9', '192.0.2.8');
  const unreadableResponse = fc.constantFrom(
    'unknown',
    '10.0.0',
    '10.0.0.2;',
    '[fd00::2',
    '"10.0.0.2"',
  );

  it('is a trusted proxy only if there is no other proxy in between', () => {
    const entry = fc.oneof({ weight: 3, arbitrary: proxy }, stranger, unreadableResponse);
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const found = callerAddress('10.0.0.1', entries.join(', '), proxies);
        const chain = ['10.0.0.1', ...entries.toReversed()];
        const last = chain.findIndex((one) => !isTrusted(one));
        const isAddress = last >= 0 && /^[\d.]{8,}$|^[\da-f:]+$/.test(chain[last] ?? '');
        expect(found).toBe(isAddress ? chain[last] : chain.at(last < 0 ? -1 : last - 1));
      }),
    );
  });

  it('is found for any header', () => {
    fc.assert(
      fc.property(anyText, fc.array(anyText), (peer, entries) => {
        expect(callerAddress(peer, entries.join(','), proxies)).toBeTypeOf('string');
      }),
    );
  });

  it('is what the last proxy saw, whatever a caller wrote into the header', () => {
    fc.assert(
      fc.property(fc.array(anyText), fc.ipV6(), (forged, seen) => {
        const address = callerAddress(seen, undefined, undefined);
        fc.pre(!isTrusted(address));
        const header = [...forged, seen, '10.0.0.2'].join(', ');
        expect(callerAddress('10.0.0.1', header, proxies)).toBe(address);
      }),
    );
  });
});

describe('the network that limits count', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['unknown', 'unknown'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['2001::4:5:6:7:8', '2001:0:0:4::/64'],
    ['fe80::', 'fe80:0:0:0::/64'],
  ])('of %s is %s', (address, network) => {
    expect(toNetwork(address)).toBe(network);
  });

  it('is the same for all addresses of a /64, and another for the next one', () => {
    const group = fc.integer({ min: 0, max: 0xff_ff }).map((value) => value.toString(16));
    const four = fc.array(group, { minLength: 4, maxLength: 4 });
    const plain = (groups: string[]) => callerAddress(groups.join(':'), undefined, undefined);
    fc.assert(
      fc.property(four, four, four, (network, one, two) => {
        const first = plain([...network, ...one]);
        fc.pre(first.includes(':') && !first.startsWith('::ffff'));
        expect(toNetwork(plain([...network, ...two]))).toBe(toNetwork(first));
        const [last = '0'] = network.slice(-1);
        const next = ((Number.parseInt(last, 16) + 1) % 0x1_00_00).toString(16);
        expect(toNetwork(plain([...network.slice(0, 3), next, ...one]))).not.toBe(toNetwork(first));
      }),
    );
  });
});
