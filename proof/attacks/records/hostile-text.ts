/** Sends texts that break queries, patterns and encodings in every text parameter of every operation. */
import { findDisclosure } from './access.ts';
import { forEachConcurrent, type Family, type Attempts } from '../attack.ts';
import type { RequestOptions } from '../target/http-client.ts';
import {
  type Operation,
  replaceAtPath,
  createRequest,
  createSample,
  listTextPaths,
} from '../target/operations.ts';
import { type DistrictName, type Caller, getDomain } from '../target/callers.ts';
import { randomAddress, type Target } from '../target/target.ts';

/** Longest allowed response time, whatever the text. */
const maxResponseMs = 5000;

const injections: readonly string[] = [
  "' or '1'='1",
  "'; select pg_sleep(8)--",
  '1) union select first_name from students--',
  "'||(select string_agg(first_name, ',') from students)||'",
  "\\'; drop table students; --",
  '") or 1=1 or ("',
  '%_%_%_%_%_%_%_%_%_%_%_%_%_%_%_%_%_%_%_%_%_%_%',
  `${'a'.repeat(40)}!`,
  '((((((((a+)+)+)+)+)+)+)+)+$',
  "a:* & !b | <-> ('x':*",
  '$1 $2 $$ {"$ne":null}',
  '9223372036854775808',
  '1e309',
  '-0',
];

/** Invalid and control characters; percent-encoded in URLs. */
const brokenTexts: readonly string[] = [
  '\0',
  'a\0b',
  '\ud800',
  'a\udc00b',
  '\u0001\u0008\u001b',
  '\r\nSet-Cookie: a=b',
  '\u202e\u2066x',
  '\ufeff\uffff\u{10ffff}',
  'x'.repeat(3000),
];

/** Encodes a text for a URL; lone surrogates become invalid UTF-8. */
const encodeForPath = (text: string) =>
  Array.from(text, (one) => (one.isWellFormed() ? encodeURIComponent(one) : '%ED%A0%80')).join('');

/** Creates a family of attacks. Each uses another district, since a district's calls are rate-limited. */
const createFamily = (
  name: string,
  texts: readonly string[],
  perPlace: number,
  district: DistrictName,
): Family => ({
  name,
  isQuick: true,
  async attack(target, attempts) {
    const owner = await target.createUser('staff', district);
    const rows = target.operations.flatMap((operation) => {
      const caller = findAttacker(target, operation, owner, district);
      return listPlaces(operation, getDomain(district)).flatMap((place, index) =>
        Array.from({ length: perPlace }, (_, round) => {
          const text = texts[(index * perPlace + round) % texts.length] ?? '';
          return { caller, requestOptions: place(text), what: JSON.stringify(text).slice(0, 40) };
        }),
      );
    });
    await forEachConcurrent(attempts.sample(rows, 150), (row) =>
      attackPlace(target, attempts, row),
    );
  },
});

export const injectionFamily = createFamily('injection', injections, 4, 'b');
export const textFamily = createFamily('text', brokenTexts, 4, 'a');

async function attackPlace(
  target: Target,
  attempts: Attempts,
  {
    caller,
    requestOptions,
    what,
  }: { readonly caller: Caller; readonly requestOptions: RequestOptions; readonly what: string },
): Promise<void> {
  const response = await target.sendWithinLimits(caller, {
    ...requestOptions,
    clientAddress: randomAddress(),
  });
  const attack = `${caller.kind}, ${requestOptions.method} ${requestOptions.path.slice(0, 120)} with ${what}`;
  if (response.status === 429) attempts.limited += 1;
  else if (response.status === 0 || response.status >= 500)
    attempts.record(attack, `got ${response.status} ${response.text.slice(0, 60)}`);
  else if (response.durationMs > maxResponseMs)
    attempts.record(attack, `took ${Math.round(response.durationMs)} ms`);
  else attempts.record(attack, findDisclosure(caller, response, requestOptions.path));
}

/** Returns the least privileged caller of an operation. */
function findAttacker(
  target: Target,
  { path, roles }: Operation,
  owner: Caller,
  district: DistrictName,
): Caller {
  if (roles === 'public') return target.caller('unauthenticated');
  if (/^\/api\/(session|account)/.test(path)) return owner;
  const kinds = ['read-only of one school', 'staff of one school', 'administrator'];
  const found = kinds
    .map((kind) => target.caller(`${kind} of ${district}`))
    .find(({ role }) => role !== undefined && roles.includes(role));
  return found ?? target.caller('technician');
}

type Place = (text: string) => RequestOptions;

/** Lists the text parameters of an operation, as functions that create a request. */
function listPlaces(operation: Operation, domain: string): Place[] {
  const places: Place[] = [];
  for (const { in: where, name } of operation.parameters) {
    if (where === 'path') {
      places.push((text) => {
        const markedRequest = createRequest(operation, {
          domain: name === 'domain' ? 'MARK' : domain,
          param: (one) => (one === name ? 'MARK' : undefined),
        });
        return { ...markedRequest, path: markedRequest.path.replace('MARK', encodeForPath(text)) };
      });
    } else {
      places.push((text) => {
        const markedRequest = createRequest(operation, { domain, query: { [name]: 'MARK' } });
        return { ...markedRequest, path: markedRequest.path.replace('MARK', encodeForPath(text)) };
      });
    }
  }
  if (operation.body === undefined || operation.bodyType !== 'application/json') return places;
  const whole = createSample(operation.body, {}, true);
  for (const place of listTextPaths(whole))
    places.push((text) =>
      createRequest(operation, { domain, body: replaceAtPath(whole, place, text) }),
    );
  return places;
}
