/** Writes what a successful call leaves in the audit trail, as its endpoint declares it. */
import type { Context } from 'hono';

import type { User } from '../accounts/accounts.ts';
import {
  type AuditEvent,
  recordAudit,
  recordAuditForStudents,
} from '../accounts/audit/audit-trail.ts';
import type { Endpoint } from '../contract/endpoint.ts';
import type { ApiEnvironment, ApiOptions } from './server/api-environment.ts';
import { clientAddress } from './district-call.ts';

type Detail = NonNullable<AuditEvent['detail']>;

/** What a handler says about its look or search beyond what the address says. */
export interface AuditDetails {
  /** Whose records were read, where the path names no student; none of examples. */
  readonly students?: readonly { readonly studentId: number; readonly detail?: Detail }[];
  /** What was looked at; of searches that count every time, what was asked. Never a value of a record. */
  readonly detail?: Detail;
  /** Of searches: how many records the answer shows. */
  readonly records?: number;
}

/** Who called what, as far as the trail wants to know. */
export interface AuditedCall {
  readonly endpoint: Endpoint;
  readonly params: unknown;
  readonly query: unknown;
  readonly user?: User | undefined;
  readonly district?: { readonly id: number } | undefined;
  readonly note: AuditDetails;
}

/** Writes the lines of a look or a search. Done when they are kept: before that no answer may leave. */
export async function auditCall(
  { database: { audit: pool } }: ApiOptions,
  context: Context<ApiEnvironment>,
  call: AuditedCall,
): Promise<void> {
  const { audit } = call.endpoint;
  if (audit.kind !== 'look' && audit.kind !== 'search') return;
  const event = {
    districtId: call.district?.id ?? 0,
    user: call.user,
    action: audit.action,
    address: clientAddress(context),
    requestId: context.var.requestId,
  };
  if (audit.kind === 'look') {
    const students = listViewedStudents(call);
    if (audit.everyTime === true) await recordAuditForStudents(pool, event, students);
    else {
      await Promise.all(
        students.map(async (one) => context.var.trail.recordView({ ...event, ...one })),
      );
    }
    return;
  }
  const { detail, records, students } = call.note;
  if (audit.everyTime === true) {
    await recordAudit(pool, { ...event, detail, studentId: students?.[0]?.studentId });
    return;
  }
  const countedBy = call.user?.accountId ?? event.address;
  const filters = usedFilters(call.query);
  await context.var.trail.count({ ...event, countedBy, records, filters });
}

/** Below these paths the number in the address is the student's. */
const isStudentPath = /\/(?:manual-)?students\/\{id\}(?:\/|$)/;

function listViewedStudents({ endpoint: { method, path }, params, note }: AuditedCall) {
  const { students, detail = {} } = note;
  if (students !== undefined) return students.map((one) => ({ detail, ...one }));
  if (isStudentPath.test(path)) return [{ studentId: (params as { id: number }).id, detail }];
  // A line that names nobody would be as good as none.
  throw new Error(`${method} ${path} does not say whose record was looked at.`);
}

/** What turns a page or sorts is no filter. */
const notFilters: ReadonlySet<string> = new Set(['page', 'pageSize', 'sort', 'before']);

/** Names of the filters that were used; what was searched for is mostly somebody's name. */
const usedFilters = (query: unknown): readonly string[] =>
  Object.entries(query ?? {})
    .filter(([name, value]) => value !== undefined && value !== '' && !notFilters.has(name))
    .map(([name]) => name)
    .toSorted();
