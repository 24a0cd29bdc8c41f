/** The API queries of the audit trail, of a district or outside of districts. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { AuditAction, auditApi } from '../../src/contract/accounts/audit.ts';
import { studentListApi } from '../../src/contract/students/student-list.ts';
import { Day } from '../../src/contract/values.ts';
import { callApi } from '../api/api-client.ts';
import { fullName } from '../students/person-name.ts';

/** The filters in the address. */
export interface AuditSearch {
  readonly user?: string | undefined;
  readonly action?: AuditAction | undefined;
  readonly student?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Parses the filters of an address and ignores everything else. */
export function parseAuditSearch(search: Record<string, unknown>): AuditSearch {
  const { student } = search;
  // The former name, for bookmarks.
  const user = search['user'] ?? search['person'];
  const action = AuditAction.safeParse(search['action']).data;
  const from = Day.safeParse(search['from']).data;
  const to = Day.safeParse(search['to']).data;
  return {
    ...(typeof user === 'string' && /^[\da-f-]{36}$/.test(user) && { user }),
    ...(action && { action }),
    ...(typeof student === 'string' && /^[1-9]\d{0,14}$/.test(student) && { student }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

/** The audit trail, page by page; `domain` null: outside of districts. */
export const auditQuery = (domain: string | null, filter: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: [domain ?? 'vendor', 'audit', filter],
    queryFn: ({ signal, pageParam }) => {
      const { student, ...query } = filter;
      const page = pageParam === null ? {} : { before: String(pageParam) };
      return domain === null
        ? callApi(auditApi.listVendorAudit, { query: { ...query, ...page } }, signal)
        : callApi(auditApi.listAudit, { domain, query: { ...query, student, ...page } }, signal);
    },
    initialPageParam: null as number | null,
    getNextPageParam: ({ older }) => older,
  });

export const auditUsersQuery = (domain: string | null) =>
  queryOptions({
    queryKey: [domain ?? 'vendor', 'audit-people'],
    queryFn: ({ signal }) =>
      domain === null
        ? callApi(auditApi.listVendorAuditUsers, {}, signal)
        : callApi(auditApi.listAuditUsers, { domain }, signal),
  });

/** A few students that match the typed text, for the filter. */
export const studentChoicesQuery = (domain: string, typed: string) =>
  queryOptions({
    queryKey: [domain, 'audit-student-choices', typed],
    queryFn: async ({ signal }) => {
      const { rows } = await callApi(
        studentListApi.listStudents,
        { domain, query: { search: typed, pageSize: '8' } },
        signal,
      );
      return rows.map(({ id, name, studentNumber }) => ({
        value: String(id),
        label: [fullName(name), studentNumber].filter(Boolean).join(' · '),
      }));
    },
    enabled: typed.trim() !== '',
  });
