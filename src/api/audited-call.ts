/** Records a successful call in the audit trail, as its endpoint declares. */
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

/** What a handler adds to the audit entry of a view or search. */
export interface AuditDetails {
  /** The students whose records were read, if the path names none; empty for examples. */
  readonly students?: readonly { readonly studentId: number; readonly detail?: Detail }[];
  /** What was viewed; for searches that are recorded every time, the query. Never a value of a record. */
  readonly detail?: Detail;
  /** For searches: how many records the response contains. */
  readonly records?: number;
}

/** A call, with what the audit trail needs. */
export interface AuditedCall {
  readonly endpoint: Endpoint;
  readonly params: unknown;
  readonly query: unknown;
  readonly user?: User | undefined;
  readonly district?: { readonly id: number } | undefined;
  readonly note: AuditDetails;
}

/** Stores the entries of a view or search; the response must wait for it. */
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

/** Paths in which `{id}` is a student's. */
const isStudentPath = /\/(?:manual-)?students\/\{id\}(?:\/|$)/;

function listViewedStudents({ endpoint: { method, path }, params, note }: AuditedCall) {
  const { students, detail = {} } = note;
  if (students !== undefined) return students.map((one) => ({ detail, ...one }));
  if (isStudentPath.test(path)) return [{ studentId: (params as { id: number }).id, detail }];
  // An entry without a student would be useless.
  throw new Error(`${method} ${path} does not name the students that were viewed.`);
}

/** Paging and sorting are not filters. */
const notFilters: ReadonlySet<string> = new Set(['page', 'pageSize', 'sort', 'before']);

/**
 * Returns the names of the filters that were used. Their values are left out, since they are often names of people.
 */
const usedFilters = (query: unknown): readonly string[] =>
  Object.entries(query ?? {})
    .filter(([name, value]) => value !== undefined && value !== '' && !notFilters.has(name))
    .map(([name]) => name)
    .toSorted();
