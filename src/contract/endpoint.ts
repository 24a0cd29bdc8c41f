/** What an endpoint of the API is: one object that server, web app and documentation all read. */
import { z } from 'zod';

import type { AuditAction } from './accounts/audit-actions.ts';
import type { LimitName } from './limits.ts';

/** What a person may be. */
export const Role = z.enum(['technician', 'administrator', 'staff', 'read-only']).meta({
  id: 'Role',
  description:
    'technician: works for the vendor, in every district; administrator: sets a district up and sees all of it; staff: works with the records of the schools assigned; read-only: sees them and changes nothing.',
});
export type Role = z.infer<typeof Role>;

/** Who may call an endpoint: anyone, or signed-in people with one of these roles. */
export type Access = 'public' | readonly [Role, ...Role[]];

/**
 * What a successful call leaves in the audit trail:
 * - nothing: it reads and changes nothing of a child, an account or a district that is worth keeping;
 * - look: it reads the record of one student, or each of a few. `addRoute` writes a line for each; the same
 *   person who looks at the same thing again within 15 minutes looks once, unless it counts every time;
 * - search: it reads about many. `addRoute` writes one line for each person, action and minute, with how
 *   often and by which filters, never the words searched for; one line each time where that counts;
 * - change: the handler writes one of these actions, in the transaction of the change.
 */
export type Audit =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'look' | 'search';
      readonly action: AuditAction;
      readonly everyTime?: true;
    }
  | { readonly kind: 'change'; readonly actions: readonly [AuditAction, ...AuditAction[]] };

/** The actions that an endpoint may leave in the audit trail. */
export function declaredActions(audit: Audit): readonly AuditAction[] {
  if (audit.kind === 'nothing') return [];
  return audit.kind === 'change' ? audit.actions : [audit.action];
}

/** Every endpoint that speaks of a district stands below this path. */
export const districtPath = '/api/districts/{domain}';
export type DistrictPath = `${typeof districtPath}${string}`;

/** An endpoint of the API. Absent parts (params, query, body) mean that the endpoint takes none. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As OpenAPI writes it: `/api/districts/{domain}/students/{id}`. */
  readonly path: `/${string}`;
  /** What it does, in a few words. */
  readonly summary: string;
  readonly access: Access;
  readonly audit: Audit;
  /** How often it may be called. */
  readonly limit: LimitName;
  /** Only with a fresh proof of who it is: it decides who gets in, or shows a secret. */
  readonly requiresReauthentication?: true;
  /** Of the path, `domain` aside: that one is read for every endpoint of a district alike. */
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Most bytes of the body; 64 KiB unless told. */
  readonly maxBodyBytes?: number;
  /** A body that is not JSON but a file of this type; its schema gets the bytes. */
  readonly takes?: 'application/pdf';
  /** What a successful answer holds; `download` and `events` answer with a body of their own. */
  readonly response: z.ZodType;
  /** How the answer is sent: JSON unless told. */
  readonly responseKind?: 'json' | 'download' | 'events';
  /** Error codes of this endpoint beside those that any endpoint may answer. */
  readonly errors?: readonly ErrorCode[];
}

/** Everyone who is signed in; in a district, everyone who belongs to it. */
export const everyRole = ['technician', 'administrator', 'staff', 'read-only'] as const;
/** Those who may change children's records. */
export const writingRoles = ['technician', 'administrator', 'staff'] as const;
/** Those who look after a district. */
export const administeringRoles = ['technician', 'administrator'] as const;
/** Whether this role looks after a district. */
export const administers = (role: Role): boolean => administeringRoles.some((one) => one === role);
/** The vendor's people. */
export const technicianRole = ['technician'] as const;

/** Whether the endpoint speaks of one district, named by its e-mail domain in the path. */
export const belongsToDistrict = (endpoint: Pick<Endpoint, 'path'>): boolean =>
  endpoint.path === districtPath || endpoint.path.startsWith(`${districtPath}/`);

/** Whether the endpoint speaks of the caller alone: open also before a second factor that is wanted is set up. */
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

/** How every refusal and failure of the API reads. */
export const ErrorResponse = z
  .strictObject({
    error: z.strictObject({
      code: z.enum(errorCodes),
      message: z.string().meta({ description: 'What happened, as a sentence for a person.' }),
      advice: z.string().optional().meta({ description: 'What to do next.' }),
      field: z.string().optional().meta({ description: 'The parameter that is wrong.' }),
      requestId: z.string().optional().meta({
        description: 'Names this request in the log of the server; given with every 5xx.',
      }),
    }),
  })
  .meta({ id: 'Error' });
export type ErrorResponse = z.infer<typeof ErrorResponse>;
