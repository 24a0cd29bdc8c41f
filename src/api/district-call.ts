/** What a handler of a district's endpoint gets: the district, its data as the caller may see it, the audit trail. */
import type { Context } from 'hono';

import type { User } from '../accounts/accounts.ts';
import {
  type AuditEvent,
  recordAudit,
  recordAuditForStudents,
} from '../accounts/audit/audit-trail.ts';
import type { AuditAction } from '../contract/accounts/audit-actions.ts';
import { declaredActions, districtPath, type Endpoint } from '../contract/endpoint.ts';
import { DomainInPath } from '../contract/values.ts';
import {
  type DistrictDatabase,
  type DistrictScope,
  readInDistrict,
  writeInDistrict,
} from '../database/district-and-school-scope.ts';
import { type District, findDistrict } from '../districts/district.ts';
import type { ApiEnvironment, ApiOptions } from './server/api-environment.ts';
import { notFound } from './api-error.ts';
import { sendDownload, type Download } from './server/downloads.ts';
import type { WorkKind } from './server/work-limits.ts';

type Work<Result> = (database: DistrictDatabase) => Promise<Result>;
type DistrictEvent = Pick<AuditEvent, 'action' | 'studentId' | 'detail' | 'isDeduplicated'>;

/** The district of a request, as the caller may see it. */
export interface DistrictCall extends Pick<District, 'id' | 'domain' | 'name' | 'timeZone'> {
  readonly scope: DistrictScope;
  /** The district's own date. */
  readonly today: Temporal.PlainDate;
  /**
   * Reads a consistent snapshot with only the rows of the caller's schools. Like `write`, it waits for one of the
   * district's connections, so that no district uses all of them: never nest the two.
   */
  read<Result>(work: Work<Result>): Promise<Result>;
  /** Writes in one transaction, in which only rows of the caller's schools are visible. */
  write<Result>(work: Work<Result>): Promise<Result>;
  /** Runs expensive work within its concurrency limit. */
  withLimit<Result>(kind: WorkKind, work: () => Promise<Result>): Promise<Result>;
  /** Returns a response with a file that is written to disk within the concurrency limit and sent from there. */
  download(kind: WorkKind, file: Download): Promise<Response>;
  /** Adds an entry that the endpoint declares to the audit trail, in the transaction of `database` if given. */
  audit(event: DistrictEvent, database?: DistrictDatabase): Promise<void>;
  /** Adds an entry for each student, in the transaction of `database`. */
  auditForStudents(
    action: AuditEvent['action'],
    students: Parameters<typeof recordAuditForStudents>[2],
    database: DistrictDatabase,
  ): Promise<void>;
}

/**
 * Returns the district of the path if the user may access it. Otherwise throws the same 404 as for one that does
 * not exist, and records the attempt in the audit trail.
 */
export async function openDistrict(
  options: ApiOptions,
  user: User,
  context: Context<ApiEnvironment>,
): Promise<DistrictCall> {
  const { pool } = options.database;
  const domain = DomainInPath.safeParse(context.req.param('domain')).data;
  const own = context.var.caller.district ?? undefined;
  let district = own?.domain === domain ? own : undefined;
  if (district === undefined && domain !== undefined) district = await findDistrict(pool, domain);
  const isAllowed = user.districtId === null || user.districtId === district?.id;
  if (district === undefined || !isAllowed) {
    await auditDenial(user, context, district);
    throw notFound();
  }
  const scope = { districtId: district.id, schools: user.schools };
  const { id, name, timeZone } = district;
  const caller = {
    districtId: id,
    user,
    address: clientAddress(context),
    requestId: context.var.requestId,
  };
  const now = options.now?.() ?? Temporal.Now.instant();
  const whose = { group: id, owner: user.accountId };
  const request = context.req.raw;
  const withLimit: DistrictCall['withLimit'] = async (kind, work) =>
    options.work[kind].take(whose, work, request.signal);
  return {
    id,
    domain: district.domain,
    name,
    timeZone,
    scope,
    today: now.toZonedDateTimeISO(timeZone).toPlainDate(),
    read: async (work) => withLimit('requests', async () => readInDistrict(pool, scope, work)),
    write: async (work) => withLimit('requests', async () => writeInDistrict(pool, scope, work)),
    withLimit,
    download: async (kind, file) =>
      sendDownload(options, { ...whose, request }, options.work[kind], file),
    audit: async (event, database) => {
      rejectUndeclared(context.var.endpoint, event.action);
      await recordAudit(database?.client ?? pool, { ...event, ...caller });
    },
    auditForStudents: async (action, students, database) => {
      rejectUndeclared(context.var.endpoint, action);
      await recordAuditForStudents(database.client, { action, ...caller }, students);
    },
  };
}

/** Throws if the endpoint does not declare this action for the audit trail. */
export function rejectUndeclared({ method, path, audit }: Endpoint, action: AuditAction): void {
  if (declaredActions(audit).includes(action)) return;
  throw new Error(`${method} ${path} does not declare "${action}" for the audit trail.`);
}

/**
 * Records a denied request, counted per minute: in the user's own district for each endpoint, in the requested
 * district once. Records the path of the endpoint and not the address, which may contain any text of the sender.
 */
export async function auditDenial(
  user: User,
  context: Context<ApiEnvironment>,
  asked?: Pick<District, 'id' | 'domain'>,
): Promise<void> {
  const { endpoint, trail, requestId } = context.var;
  const { method, path } = endpoint;
  const { accountId } = user;
  const event = {
    user,
    action: 'access-denied',
    address: clientAddress(context),
    requestId,
  } as const;
  const own = user.districtId ?? 0;
  const countedBy = `${accountId} ${method} ${path}`;
  await trail.count({ ...event, districtId: own, detail: { method, path }, countedBy });
  if (asked === undefined || asked.id === own) return;
  const detail = { path: districtPath.replace('{domain}', asked.domain) };
  await trail.count({ ...event, districtId: asked.id, detail, countedBy: accountId });
}

/** Returns the caller's network address. */
export const clientAddress = (context: Context<ApiEnvironment>): string => context.var.address;
