/**
 * Calls every operation as every kind of caller, in its own and in the other district, with ids of both.
 *
 * This folder attacks the access to students, documents and districts.
 */
import { setTimeout as delay } from 'node:timers/promises';

import { forEachConcurrent, type Family, type Attempts } from '../attack.ts';
import { type HttpResponse, type RequestOptions, findErrorCode } from '../target/http-client.ts';
import { type DistrictRecords } from '../target/district-records.ts';
import { type Fill, type Operation, createRequest } from '../target/operations.ts';
import {
  canaries,
  type Caller,
  type DistrictName,
  getDomain,
  secretCanary,
} from '../target/callers.ts';
import { randomAddress, type Target } from '../target/target.ts';

/** Rounds, one a second, to retry rate-limited requests. */
const maxRounds = 25;

/** Ids that do not exist. */
const absentIds = {
  number: 999_999_999,
  uuid: '00000000-0000-4000-8000-000000000000',
  key: 'absent',
};

/** Owner of the ids in a request: a school of a district, or ids that do not exist. */
type Owner = { readonly records: DistrictRecords; readonly school: 'one' | 'two' } | 'absent';

/** The record that a path parameter refers to, by the path. */
const recordParameters: readonly (readonly [
  RegExp,
  (owner: Exclude<Owner, 'absent'>) => string | number,
])[] = [
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

/** Paths of records that belong to one school. */
const belongsToSchool = /\/(students|manual-students|documents)\/\{id\}|\{first\}/;

/** Returns an owner's ids for the path parameters; `pdfForm` always exists. */
function fillParameters({ path }: Operation, owner: Owner, pdfForm: number): Fill {
  const isAbsent = owner === 'absent';
  const found = recordParameters.find(([pattern]) => pattern.test(path));
  return {
    record: isAbsent ? absentIds.number : owner.records.student[owner.school],
    param: (name) => {
      if (name === 'form') return String(pdfForm);
      if (name === 'key') return isAbsent ? absentIds.key : owner.records.formKey;
      if (name === 'second')
        return String(isAbsent ? absentIds.number + 1 : owner.records.manualStudents[owner.school]);
      if (name === 'districtId')
        return String(isAbsent ? absentIds.number : owner.records.districtId);
      if (name !== 'id' && name !== 'first' && name !== 'runId') return undefined;
      if (found === undefined) return String(absentIds.number);
      const own = isAbsent ? undefined : found[1](owner);
      const isUuid = /\/(users|recipients|invitations|sessions)\//.test(path);
      return String(own ?? (isUuid ? absentIds.uuid : absentIds.number));
    },
  };
}

const canCall = ({ roles }: Operation, { role }: Caller) =>
  roles === 'public' || (role !== undefined && roles.includes(role));

/** Returns what a response discloses that this caller may not see. */
export function findDisclosure(
  caller: Caller,
  { text }: Pick<HttpResponse, 'text'>,
  path = '',
): string | undefined {
  // The audit trail names users who tried to sign in.
  const isInAudit = (word: string) => word.endsWith('pers') && path.includes('/audit');
  const disclosure = canaries.filter(
    (word) => text.includes(word) && !caller.visibleCanaries.includes(word) && !isInAudit(word),
  );
  if (disclosure.length > 0) return `shows ${disclosure.join(' and ')}`;
  return text.includes(secretCanary) ? 'shows a secret' : undefined;
}

/** Removes ids from a response, so that responses can be compared. */
const normalizeResponse = ({ status, text }: HttpResponse) =>
  `${status} ${text.replaceAll(/"requestId":"[^"]*"/g, '').replaceAll(/\d{4,}|[0-9a-f-]{36}/g, '#')}`;

/** Returns whether an operation changes the caller's own account, and so later attempts. */
const isOwnAccount = ({ path }: Operation) => /^\/api\/(?:session|account)(?:\/|$)/.test(path);

/** Operations whose body contains ids of records. */
const operationsWithRecords = new Set([
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
  async attack(target, attempts) {
    const before = await hashTables(target, 'a');
    const rows = target.callers.flatMap((caller) => listRows(target, caller));
    let remaining: Row[] = [];
    const attack = async (row: Row) => {
      if (!(await attackRow(target, attempts, row))) remaining.push(row);
    };
    await forEachConcurrent(attempts.sample(rows, 400), attack);
    // Requests stopped by a district's rate limit are retried while it refills.
    for (let round = 0; round < maxRounds && remaining.length > 0; round++) {
      const retried = remaining;
      remaining = [];
      await delay(1000);
      await forEachConcurrent(retried, attack);
    }
    attempts.limited += remaining.length;
    const after = await hashTables(target, 'a');
    for (const [table, rowsBefore] of before)
      attempts.record(
        `all requests of others, table ${table}`,
        after.get(table) !== rowsBefore && 'rows of district a were changed',
      );
  },
};

function listRows(target: Target, caller: Caller): Row[] {
  const { a, b } = target.records;
  const rows: Row[] = [];
  for (const operation of target.operations) {
    if (isOwnAccount(operation) && caller.role !== undefined && operation.method !== 'GET')
      continue;
    const add = (kind: Row['kind'], owner: Owner, district: DistrictName) =>
      rows.push({ caller, operation, kind, owner, district });
    const isAllowed = canCall(operation, caller);
    const hasRecordParameter = /\{(id|first|runId|key)\}/.test(operation.path);
    const own = caller.district ?? 'a';
    const other = own === 'a' ? 'b' : 'a';
    const ofOwn = { records: own === 'a' ? a : b, school: 'one' } as const;
    const ofOther = { records: own === 'a' ? b : a, school: 'one' } as const;
    if (operation.roles !== 'public' && !isAllowed) add('not allowed', ofOwn, own);
    if (operation.isOfDistrict && caller.district !== undefined) {
      add('foreign district', ofOther, other);
      // Without an id it would be the same request.
      if (hasRecordParameter || operationsWithRecords.has(operation.id))
        add('foreign district', ofOwn, other);
    }
    if (!isAllowed || operation.roles === 'public') continue;
    // Of allowed operations, only reads are tested.
    if (operation.method === 'GET') add('own record', ofOwn, own);
    if (caller.district === undefined) continue;
    const acceptsRecord = operation.method !== 'GET' && operationsWithRecords.has(operation.id);
    if (!hasRecordParameter && !acceptsRecord) continue;
    add('foreign record', ofOther, own);
    if (caller.isOfOneSchool && (acceptsRecord || belongsToSchool.test(operation.path)))
      add('foreign record', { ...ofOwn, school: 'two' }, own);
  }
  return rows;
}

/** Returns false if a rate limit prevented the attempt. */
async function attackRow(target: Target, attempts: Attempts, row: Row): Promise<boolean> {
  const { caller, operation, kind, owner, district } = row;
  const request = (requestedOwner: Owner): RequestOptions =>
    createRequest(operation, {
      domain: getDomain(district),
      ...fillParameters(operation, requestedOwner, target.records[caller.district ?? 'a'].pdfForm),
    });
  const send = async (requestedOwner: Owner) =>
    target.sendWithinLimits(caller, { ...request(requestedOwner), clientAddress: randomAddress() });
  const sentRequest = request(owner);
  const response = await send(owner);
  const attack = `${caller.kind}, ${kind}, ${sentRequest.method} ${sentRequest.path}`;
  const record = (finding: string | undefined | false) => attempts.record(attack, finding);
  if (response.status === 429) return false;
  if (response.status === 0 || response.status >= 500) {
    record(operation.path === '/metrics' ? undefined : `got ${response.status}`);
    return true;
  }
  const disclosure = findDisclosure(caller, response, sentRequest.path);
  if (disclosure !== undefined) {
    record(disclosure);
    return true;
  }
  switch (kind) {
    case 'not allowed':
    case 'foreign district': {
      const expected = caller.role === undefined ? 401 : 404;
      record(response.status !== expected && `got ${response.status} ${findErrorCode(response)}`);
      return true;
    }
    case 'own record':
      record(undefined);
      return true;
    case 'foreign record': {
      const responseForAbsent = await send('absent');
      if (responseForAbsent.status === 429) return false;
      record(
        normalizeResponse(response) !== normalizeResponse(responseForAbsent) &&
          `got ${normalizeResponse(response).slice(0, 120)} but ${normalizeResponse(responseForAbsent).slice(0, 120)}`,
      );
    }
  }
  return true;
}

/** Returns a hash of a district's rows by table. */
async function hashTables(target: Target, district: DistrictName): Promise<Map<string, string>> {
  const { pool } = target.database;
  const { rows: tables } = await pool.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attname = 'district_id'
       and c.relname not in ('audit_events', 'webhook_deliveries', 'sent_mails', 'scheduled_imports')
     order by 1`,
  );
  const hashes = new Map<string, string>();
  for (const { name } of tables) {
    const { rows } = await pool.query<{ hash: string | null }>(
      `select md5(string_agg(t::text, '|' order by t::text)) as sum from ${name} t where district_id = $1
         ${name === 'accounts' ? `and email not like '%@people.example'` : ''}`,
      [target.records[district].districtId],
    );
    hashes.set(name, rows[0]?.hash ?? '');
  }
  return hashes;
}
