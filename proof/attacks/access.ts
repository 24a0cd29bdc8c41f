/** Every operation as every kind of caller, in the own district and in the other one, with ids of each. */
import { setTimeout as delay } from 'node:timers/promises';

import { each, type Family, type Tries } from './attack.ts';
import { type Answer, type Ask, codeOf } from './http-client.ts';
import { type DistrictRecords } from './district-records.ts';
import { type Fill, type Operation, requestOf } from './operations.ts';
import { canaries, type Caller, type DistrictName, domainOf, secretCanary } from './callers.ts';
import { freshAddress, type Target } from './target.ts';

/** Seconds for what a limit has stopped. */
const mostRounds = 25;

/** Ids that nobody has. */
const absent = { number: 999_999_999, uuid: '00000000-0000-4000-8000-000000000000', key: 'absent' };

/** Whose records the ids are: of a school of a district, or nobody's. */
type Owner = { readonly records: DistrictRecords; readonly school: 'one' | 'two' } | 'nobody';

/** Which record a parameter of the path names, by what stands before it. */
const named: readonly (readonly [RegExp, (owner: Exclude<Owner, 'nobody'>) => string | number])[] =
  [
    [/\/students\/\{id\}/, ({ records, school }) => records.student[school]],
    [/\/manual-students\/\{id\}/, ({ records, school }) => records.manualStudents[school]],
    [/\/documents\/\{id\}/, ({ records, school }) => records.document[school]],
    [/\/duplicates\/\{first\}/, ({ records, school }) => records.student[school]],
    [/\/users\/\{id\}/, ({ records }) => records.person],
    [/\/recipients\/\{id\}/, ({ records }) => records.person],
    [/\/invitations\/\{id\}/, ({ records }) => records.invitation],
    [/\/sessions\/\{id\}/, ({ records }) => records.session],
    [/\/webhooks\/\{id\}/, ({ records }) => records.webhook],
    [/\/student-views\/\{id\}/, ({ records }) => records.view],
    [/\/pdf-forms\/\{id\}/, ({ records }) => records.pdfForm],
    [/\/imports\/\{id\}/, ({ records }) => records.run],
    [/\/number-matches\/\{runId\}/, ({ records }) => records.run],
    [/\/requests\/\{id\}/, ({ records }) => records.setupRequest],
  ];

/** Which of them belong to one school. */
const ofSchool = /\/(students|manual-students|documents)\/\{id\}|\{first\}/;

/** Fills the parameters of a path with the ids of an owner; `pdfForm` is there in any case. */
function fillFor({ path }: Operation, owner: Owner, pdfForm: number): Fill {
  const isNobody = owner === 'nobody';
  const found = named.find(([place]) => place.test(path));
  return {
    record: isNobody ? absent.number : owner.records.student[owner.school],
    param: (name) => {
      if (name === 'form') return String(pdfForm);
      if (name === 'key') return isNobody ? absent.key : owner.records.formKey;
      if (name === 'second')
        return String(isNobody ? absent.number + 1 : owner.records.manualStudents[owner.school]);
      if (name === 'districtId') return String(isNobody ? absent.number : owner.records.districtId);
      if (name !== 'id' && name !== 'first' && name !== 'runId') return undefined;
      if (found === undefined) return String(absent.number);
      const own = isNobody ? undefined : found[1](owner);
      const isUuid = /\/(users|recipients|invitations|sessions)\//.test(path);
      return String(own ?? (isUuid ? absent.uuid : absent.number));
    },
  };
}

const mayCall = ({ roles }: Operation, { role }: Caller) =>
  roles === 'public' || (role !== undefined && roles.includes(role));

/** What an answer shows that this caller has no right to see. */
export function shownTo(
  caller: Caller,
  { text }: Pick<Answer, 'text'>,
  path = '',
): string | undefined {
  // Who tried to get in is named in the audit trail.
  const isInAudit = (word: string) => word.endsWith('pers') && path.includes('/audit');
  const shown = canaries.filter(
    (word) => text.includes(word) && !caller.maySee.includes(word) && !isInAudit(word),
  );
  if (shown.length > 0) return `shows ${shown.join(' and ')}`;
  return text.includes(secretCanary) ? 'shows a secret' : undefined;
}

/** Answers that only name the id that was asked for differ in nothing. */
const comparable = ({ status, text }: Answer) =>
  `${status} ${text.replaceAll(/"requestId":"[^"]*"/g, '').replaceAll(/\d{4,}|[0-9a-f-]{36}/g, '#')}`;

/** What would change the caller's own account, and so every try after it. */
const isOfOwnAccount = ({ path }: Operation) => /^\/api\/(?:session|account)(?:\/|$)/.test(path);

/** Whose body names records. */
const takesRecords = new Set([
  'createDocuments',
  'findLikelyDuplicates',
  'mergeStudents',
  'confirmIdentity',
  'previewForm',
  'previewPdfForm',
]);

interface Row {
  readonly caller: Caller;
  readonly operation: Operation;
  readonly kind: 'not allowed' | 'foreign district' | 'own record' | 'foreign record';
  readonly owner: Owner;
  readonly district: DistrictName;
}

export const accessFamily: Family = {
  name: 'access',
  isQuick: true,
  async attack(target, tries) {
    const before = await rowsOf(target, 'a');
    const rows = target.callers.flatMap((caller) => rowsFor(target, caller));
    let left: Row[] = [];
    const attack = async (row: Row) => {
      if (!(await attackRow(target, tries, row))) left.push(row);
    };
    await each(tries.sample(rows, 400), attack);
    // What a limit of the whole district stopped is tried again while it fills up.
    for (let round = 0; round < mostRounds && left.length > 0; round++) {
      const again = left;
      left = [];
      await delay(1000);
      await each(again, attack);
    }
    tries.limited += left.length;
    const after = await rowsOf(target, 'a');
    for (const [table, rowsBefore] of before)
      tries.note(
        `all requests of others, table ${table}`,
        after.get(table) !== rowsBefore && 'rows of district a were changed',
      );
  },
};

function rowsFor(target: Target, caller: Caller): Row[] {
  const { a, b } = target.records;
  const rows: Row[] = [];
  for (const operation of target.operations) {
    if (isOfOwnAccount(operation) && caller.role !== undefined && operation.method !== 'GET')
      continue;
    const add = (kind: Row['kind'], owner: Owner, district: DistrictName) =>
      rows.push({ caller, operation, kind, owner, district });
    const isAllowed = mayCall(operation, caller);
    const namesRecord = /\{(id|first|runId|key)\}/.test(operation.path);
    const own = caller.district ?? 'a';
    const other = own === 'a' ? 'b' : 'a';
    const ofOwn = { records: own === 'a' ? a : b, school: 'one' } as const;
    const ofOther = { records: own === 'a' ? b : a, school: 'one' } as const;
    if (operation.roles !== 'public' && !isAllowed) add('not allowed', ofOwn, own);
    if (operation.isOfDistrict && caller.district !== undefined) {
      add('foreign district', ofOther, other);
      // Without an id it would be the same request.
      if (namesRecord || takesRecords.has(operation.id)) add('foreign district', ofOwn, other);
    }
    if (!isAllowed || operation.roles === 'public') continue;
    // What a person may do anyway is done to nobody but for reading.
    if (operation.method === 'GET') add('own record', ofOwn, own);
    if (caller.district === undefined) continue;
    const takesRecord = operation.method !== 'GET' && takesRecords.has(operation.id);
    if (!namesRecord && !takesRecord) continue;
    add('foreign record', ofOther, own);
    if (caller.isOfOneSchool && (takesRecord || ofSchool.test(operation.path)))
      add('foreign record', { ...ofOwn, school: 'two' }, own);
  }
  return rows;
}

/** False: a limit stopped it. */
async function attackRow(target: Target, tries: Tries, row: Row): Promise<boolean> {
  const { caller, operation, kind, owner, district } = row;
  const request = (of: Owner): Ask =>
    requestOf(operation, {
      domain: domainOf(district),
      ...fillFor(operation, of, target.records[caller.district ?? 'a'].pdfForm),
    });
  const ask = async (of: Owner) =>
    target.askPatiently(caller, { ...request(of), from: freshAddress() });
  const asked = request(owner);
  const answer = await ask(owner);
  const attack = `${caller.kind}, ${kind}, ${asked.method} ${asked.path}`;
  const note = (seen: string | undefined | false) => tries.note(attack, seen);
  if (answer.status === 429) return false;
  if (answer.status === 0 || answer.status >= 500) {
    note(operation.path === '/metrics' ? undefined : `answered ${answer.status}`);
    return true;
  }
  const shown = shownTo(caller, answer, asked.path);
  if (shown !== undefined) {
    note(shown);
    return true;
  }
  switch (kind) {
    case 'not allowed':
    case 'foreign district': {
      const expected = caller.role === undefined ? 401 : 404;
      note(answer.status !== expected && `answered ${answer.status} ${codeOf(answer)}`);
      return true;
    }
    case 'own record':
      note(undefined);
      return true;
    case 'foreign record': {
      const same = await ask('nobody');
      if (same.status === 429) return false;
      note(
        comparable(answer) !== comparable(same) &&
          `answered ${comparable(answer).slice(0, 120)} where nobody's id is answered ${comparable(same).slice(0, 120)}`,
      );
    }
  }
  return true;
}

/** Every table with rows of a district, and what they are. */
async function rowsOf(target: Target, district: DistrictName): Promise<Map<string, string>> {
  const { pool } = target.database;
  const { rows: tables } = await pool.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attname = 'district_id'
       and c.relname not in ('audit_events', 'webhook_deliveries', 'sent_mails', 'scheduled_nights')
     order by 1`,
  );
  const sums = new Map<string, string>();
  for (const { name } of tables) {
    const { rows } = await pool.query<{ sum: string | null }>(
      `select md5(string_agg(t::text, '|' order by t::text)) as sum from ${name} t where district_id = $1
         ${name === 'accounts' ? `and email not like '%@people.example'` : ''}`,
      [target.records[district].districtId],
    );
    sums.set(name, rows[0]?.sum ?? '');
  }
  return sums;
}
