/** Texts that break queries, patterns and encodings, in every place of every operation that takes a text. */
import { shownTo } from './access.ts';
import { each, type Family, type Tries } from './attack.ts';
import type { Ask } from './http-client.ts';
import { type Operation, replaceAt, requestOf, sampleOf, textPlaces } from './operations.ts';
import { type DistrictName, type Caller, domainOf } from './callers.ts';
import { freshAddress, type Target } from './target.ts';

/** Nobody's search takes so long, whatever is typed. */
const slowMs = 5000;

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

/** As JSON writes them; in an address their bytes stand. */
const broken: readonly string[] = [
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

/** In an address: bytes that are no UTF-8 stand for what is no character. */
const encoded = (text: string) =>
  Array.from(text, (one) => (one.isWellFormed() ? encodeURIComponent(one) : '%ED%A0%80')).join('');

/** Each family in a district of its own, since the calls of a district are limited. */
const family = (
  name: string,
  texts: readonly string[],
  perPlace: number,
  district: DistrictName,
): Family => ({
  name,
  isQuick: true,
  async attack(target, tries) {
    const owner = await target.newPerson('staff', district);
    const rows = target.operations.flatMap((operation) => {
      const caller = attackerOf(target, operation, owner, district);
      return placesOf(operation, domainOf(district)).flatMap((place, index) =>
        Array.from({ length: perPlace }, (_, turn) => {
          const text = texts[(index * perPlace + turn) % texts.length] ?? '';
          return { caller, ask: place(text), what: JSON.stringify(text).slice(0, 40) };
        }),
      );
    });
    await each(tries.sample(rows, 150), (row) => attackPlace(target, tries, row));
  },
});

export const injectionFamily = family('injection', injections, 4, 'b');
export const textFamily = family('text', broken, 4, 'a');

async function attackPlace(
  target: Target,
  tries: Tries,
  { caller, ask, what }: { readonly caller: Caller; readonly ask: Ask; readonly what: string },
): Promise<void> {
  const answer = await target.askPatiently(caller, { ...ask, from: freshAddress() });
  const attack = `${caller.kind}, ${ask.method} ${ask.path.slice(0, 120)} with ${what}`;
  if (answer.status === 429) tries.limited += 1;
  else if (answer.status === 0 || answer.status >= 500)
    tries.note(attack, `answered ${answer.status} ${answer.text.slice(0, 60)}`);
  else if (answer.ms > slowMs) tries.note(attack, `took ${Math.round(answer.ms)} ms`);
  else tries.note(attack, shownTo(caller, answer, ask.path));
}

/** Whoever may call the operation and sees the least. */
function attackerOf(
  target: Target,
  { path, roles }: Operation,
  owner: Caller,
  district: DistrictName,
): Caller {
  if (roles === 'public') return target.caller('nobody');
  if (/^\/api\/(session|account)/.test(path)) return owner;
  const kinds = ['read-only of one school', 'staff of one school', 'administrator'];
  const found = kinds
    .map((kind) => target.caller(`${kind} of ${district}`))
    .find(({ role }) => role !== undefined && roles.includes(role));
  return found ?? target.caller('technician');
}

type Place = (text: string) => Ask;

/** Everything in a request of this operation that is a text. */
function placesOf(operation: Operation, domain: string): Place[] {
  const places: Place[] = [];
  for (const { in: where, name } of operation.parameters) {
    if (where === 'path') {
      places.push((text) => {
        const marked = requestOf(operation, {
          domain: name === 'domain' ? 'MARK' : domain,
          param: (one) => (one === name ? 'MARK' : undefined),
        });
        return { ...marked, path: marked.path.replace('MARK', encoded(text)) };
      });
    } else {
      places.push((text) => {
        const marked = requestOf(operation, { domain, query: { [name]: 'MARK' } });
        return { ...marked, path: marked.path.replace('MARK', encoded(text)) };
      });
    }
  }
  if (operation.body === undefined || operation.bodyType !== 'application/json') return places;
  const whole = sampleOf(operation.body, {}, true);
  for (const place of textPlaces(whole))
    places.push((text) => requestOf(operation, { domain, body: replaceAt(whole, place, text) }));
  return places;
}
