/** What an endpoint of the API is: one object that the server, the web app and the documentation read. */
import { z } from 'zod';

import type { AuditAction } from './accounts/audit-actions.ts';
import type { LimitName } from './limits.ts';

/** Roles of users. */
export const Role = z.enum(['technician', 'administrator', 'staff', 'read-only']).meta({
  id: 'Role',
  description:
    'technician: works for the vendor, in all districts; administrator: manages a district and sees all of it; staff: edits the records of the assigned schools; read-only: views them.',
});
export type Role = z.infer<typeof Role>;

/** Who may call an endpoint: anyone, or users with one of these roles. */
export type Access = 'public' | readonly [Role, ...Role[]];

/**
 * What a successful call records in the audit trail:
 * - nothing: it reads and changes nothing about a student, an account or a district that matters;
 * - look: it reads the records of one or a few students. `addRoute` adds an entry for each; the same view by the same user within 15 minutes is recorded once, unless `everyTime` is set;
 * - search: it reads about many students. `addRoute` adds one entry per user, action and minute, with the number of calls and the names of the filters, never the search text; with `everyTime` one entry per call;
 * - change: the handler records one of these actions, in the transaction of the change.
 */
export type Audit =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'look' | 'search';
      readonly action: AuditAction;
      readonly everyTime?: true;
    }
  | { readonly kind: 'change'; readonly actions: readonly [AuditAction, ...AuditAction[]] };

/** Returns the actions that an endpoint may record in the audit trail. */
export function declaredActions(audit: Audit): readonly AuditAction[] {
  if (audit.kind === 'nothing') return [];
  return audit.kind === 'change' ? audit.actions : [audit.action];
}

/** The path prefix of all endpoints of a district. */
export const districtPath = '/api/districts/{domain}';
export type DistrictPath = `${typeof districtPath}${string}`;

/** An endpoint of the API; without params, query or body it has none. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** In OpenAPI's notation: `/api/districts/{domain}/students/{id}`. */
  readonly path: `/${string}`;
  /** What it does, in a few words. */
  readonly summary: string;
  readonly access: Access;
  readonly audit: Audit;
  /** How often it may be called. */
  readonly limit: LimitName;
  /** Requires that the user has authenticated in the last minutes, since it changes access or returns a secret. */
  readonly requiresReauthentication?: true;
  /** Parameters of the path except `domain`, which is handled for all endpoints of a district. */
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Maximum size of the body (default 64 KiB). */
  readonly maxBodyBytes?: number;
  /** The body is a file of this type instead of JSON; its schema gets the bytes. */
  readonly takes?: 'application/pdf';
  /** Content of a successful response; of `events`, each event. */
  readonly response: z.ZodType;
  /** How the response is sent (default JSON). */
  readonly responseKind?: 'json' | 'download' | 'events';
  /** Error codes of this endpoint in addition to the common ones. */
  readonly errors?: readonly ErrorCode[];
}

/** All signed-in users; in a district, all of its users. */
export const everyRole = ['technician', 'administrator', 'staff', 'read-only'] as const;
/** Roles that may change students' records. */
export const writingRoles = ['technician', 'administrator', 'staff'] as const;
/** Roles that manage a district. */
export const administeringRoles = ['technician', 'administrator'] as const;
/** Returns whether this role manages a district. */
export const administers = (role: Role): boolean => administeringRoles.some((one) => one === role);
/** The vendor's users. */
export const technicianRole = ['technician'] as const;

/** Returns whether the endpoint belongs to one district, named by its e-mail domain in the path. */
export const belongsToDistrict = (endpoint: Pick<Endpoint, 'path'>): boolean =>
  endpoint.path === districtPath || endpoint.path.startsWith(`${districtPath}/`);

/**
 * Returns whether the endpoint is about the caller's own account, which is allowed before a required two-step
 * verification is set up.
 */
export const isOwnAccount = ({ path }: Pick<Endpoint, 'path'>): boolean =>
  /^\/api\/(?:session|account)(?:\/|$)/.test(path);

/** Every error code of the API with its HTTP status. */
export const errorStatus = {
  'bad-request': 400,
  'not-signed-in': 401,
  'sign-in-failed': 401,
  'two-factor-required': 403,
  'reauthentication-required': 403,
  'foreign-origin': 403,
  'not-found': 404,
  conflict: 409,
  'number-taken': 409,
  'still-needed': 409,
  'covered-by-skyward': 409,
  'import-running': 409,
  'method-not-allowed': 405,
  'link-not-valid': 410,
  'not-possible': 422,
  'body-too-large': 413,
  'address-too-long': 414,
  'too-many-attempts': 429,
  'internal-error': 500,
  'database-unavailable': 503,
  'queue-unavailable': 503,
  'temporary-file-failed': 503,
} as const satisfies Readonly<Record<string, number>>;

export type ErrorCode = keyof typeof errorStatus;

const errorCodes = Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]];

/** The form of every error of the API. */
export const ErrorResponse = z
  .strictObject({
    error: z.strictObject({
      code: z.enum(errorCodes),
      message: z.string().meta({ description: 'What happened, as a sentence for the user.' }),
      advice: z.string().optional().meta({ description: 'What to do next.' }),
      field: z.string().optional().meta({ description: 'The parameter that is wrong.' }),
      requestId: z.string().optional().meta({
        description: 'Identifies this request in the log of the server; set for every 5xx.',
      }),
    }),
  })
  .meta({ id: 'Error' });
export type ErrorResponse = z.infer<typeof ErrorResponse>;
