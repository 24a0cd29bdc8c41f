/** What a handler of a district's endpoint gets: the district, its data bound to the caller, the audit trail. */
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
} from '../database/district-scope.ts';
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
   * Reads on one unchanging state; only rows of the caller's schools are there. Takes a turn, as `write` does, so that
   * one district never has all connections: neither may be called inside the other.
   */
  read<Result>(work: Work<Result>): Promise<Result>;
  /** Writes in one transaction; rows outside the caller's schools can't be reached. */
  write<Result>(work: Work<Result>): Promise<Result>;
  /** Does expensive work in turn. */
  withLimit<Result>(kind: WorkKind, work: () => Promise<Result>): Promise<Result>;
  /** Answers with a file that is made in turn and waits for its reader on the disk. */
  download(kind: WorkKind, file: Download): Promise<Response>;
  /** Adds to the audit trail what the endpoint declares, inside the transaction of `database` when given. */
  audit(event: DistrictEvent, database?: DistrictDatabase): Promise<void>;
  /** Adds a line for each of many students, inside the transaction of `database`. */
  auditForStudents(
    action: AuditEvent['action'],
    students: Parameters<typeof recordAuditForStudents>[2],
    database: DistrictDatabase,
  ): Promise<void>;
}

/**
 * The district that the path names, if this person may be there. Otherwise 404, as if it weren't there,
 * and a line in the audit trail of the person's own district.
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

/** What an endpoint leaves in the audit trail is what its declaration says, and nothing else. */
export function rejectUndeclared({ method, path, audit }: Endpoint, action: AuditAction): void {
  if (declaredActions(audit).includes(action)) return;
  throw new Error(`${method} ${path} does not declare "${action}" for the audit trail.`);
}

/**
 * Keeps that somebody asked for what is not theirs, with how often in the minute: in their own district for each
 * endpoint, in the one asked for once. Never the address as it was sent: that may be text of the sender's choice.
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

/** The network address of who calls. */
export const clientAddress = (context: Context<ApiEnvironment>): string => context.var.address;
