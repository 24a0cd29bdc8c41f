/** Reduces responses of a probe to their forms: token, system metadata, field metadata and pages. */
import { createRedirectError, findTransientError } from '../http/http-response.ts';
import { QmlativError } from '../http/qmlativ-error.ts';
import { createMetadataError, type SystemMetadata } from '../system-metadata.ts';
import type { Observations } from './observations.ts';
import type { ListSeen } from './probe-lists.ts';
import type { SeenResponse } from './wire-form.ts';

/** Returns members by lower-case name. */
const membersOf = (json: unknown): ReadonlyMap<string, unknown> =>
  new Map(
    Object.entries<unknown>(typeof json === 'object' ? { ...json } : {}).map(([name, value]) => [
      name.toLowerCase(),
      value,
    ]),
  );

/** Includes HTML error pages for unknown paths. */
export const isNotFound = ({ status, kind }: SeenResponse): boolean =>
  status === 404 || (status < 300 && kind === 'html');

export function tokenResponseForm({ status, json }: SeenResponse): Observations['tokenResponse'] {
  const members = membersOf(json);
  const lifetime = members.get('expires_in');
  const form = { number: 'number', string: 'text', undefined: 'absent' } as const;
  const type = typeof lifetime;
  return {
    status,
    hasOthers: members.size > 1,
    lifetime: type in form ? form[type as keyof typeof form] : 'other',
  };
}

export function metadataForm(
  json: unknown,
  metadata: SystemMetadata | undefined,
): Observations['metadata'] {
  if (metadata === undefined || typeof json !== 'object' || json === null) return 'other';
  if (metadata.districts.length > 0 && metadata.districts.every((one) => one.schoolYear === null))
    return 'without-current-year';
  const system = membersOf(json).get('system');
  if (Array.isArray(system)) return 'list';
  return typeof system === 'object' && system !== null ? 'object' : 'other';
}

/** Returns why there is no system metadata. */
export function metadataError({ status, kind, http }: SeenResponse): QmlativError {
  const place = { object: 'GetSystemMetadata' };
  const passing = findTransientError(http, place, 0)?.retry;
  if (passing !== undefined) return passing;
  if (status >= 300 && status < 400) return createRedirectError(http, place);
  if (status !== 401 && kind === 'html')
    return new QmlativError('not-json', `a web page instead of JSON (status ${status})`, { place });
  if (status < 300)
    return new QmlativError('not-json', `something other than JSON (status ${status})`, { place });
  return createMetadataError(status);
}

export function fieldMetadataForm({
  status,
  kind,
  json,
}: SeenResponse): Observations['fieldMetadata'] {
  if (status >= 400) return 'refused';
  if (kind !== 'json' || typeof json !== 'object' || json === null) return 'other';
  const values = Object.values(json) as unknown[];
  const isTold = values.some(
    (value) => typeof value === 'object' && value !== null && Object.keys(value).length > 0,
  );
  if (values.length === 0) return 'other';
  return isTold ? 'full' : 'names-only';
}

export function entityForm(seen: ListSeen): Observations['entity'] {
  if (seen.kind !== 'refused') return 'empty-lists';
  const { status } = seen.rejection;
  return status === 403 || status === 404 ? `refused-${status}` : 'refused';
}

export function pastTheEndForm(seen: ListSeen): Observations['pastTheEnd'] {
  if (seen.kind === 'list') return seen.list.rows === 0 ? 'empty-list' : 'last-page-again';
  if (seen.kind === 'nothing') return seen.status === 204 ? 'status-204' : 'null-list';
  return seen.rejection.status === 404 ? 'status-404' : 'other';
}

/** Returns the ids of the current and the previous school year. */
export function yearsOf(rows: readonly unknown[], metadata: SystemMetadata | undefined) {
  const years = rows.flatMap((row) => {
    const members = membersOf(row);
    const [id, year] = [Number(members.get('schoolyearid')), Number(members.get('numericyear'))];
    const isCurrent = members.get('iscurrentyearforprovidedentity') === true;
    return Number.isSafeInteger(id) && Number.isSafeInteger(year) ? [{ id, year, isCurrent }] : [];
  });
  const told = metadata?.districts[0]?.schoolYear?.schoolYearId;
  const current = years.find(({ id }) => id === told) ?? years.find(({ isCurrent }) => isCurrent);
  if (current === undefined) return undefined;
  const before = years
    .filter(({ year }) => year < current.year)
    .toSorted((one, other) => other.year - one.year);
  return { current: current.id, earlier: before[0]?.id };
}
