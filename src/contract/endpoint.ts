/** What an endpoint of the API is: one object that server, web app and documentation all read. */
import { z } from 'zod';

/** What a person may be in a district. */
export const Role = z.enum(['administrator', 'staff', 'technician']).meta({
  id: 'Role',
  description:
    'administrator: sets the district up and sees all of it; staff: works with student records; technician: watches imports, sees no student.',
});
export type Role = z.infer<typeof Role>;

/** Who may call an endpoint: anyone, or signed-in people with one of these roles. */
export type Access = 'public' | readonly [Role, ...Role[]];

/** An endpoint of the API. Absent parts (params, query, body) mean that the endpoint takes none. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As OpenAPI writes it: `/api/students/{id}`. */
  readonly path: `/${string}`;
  /** What it does, in a few words. */
  readonly summary: string;
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  readonly response: z.ZodType;
  /** Error codes of this endpoint beside those that any endpoint may answer. */
  readonly errors?: readonly ErrorCode[];
}

/** Everyone who is signed in. */
export const everyRole = ['administrator', 'staff', 'technician'] as const;
/** Those who may see children's records. */
export const recordRoles = ['administrator', 'staff'] as const;

/** Every error code of the API with its HTTP status. */
export const errorStatus = {
  'bad-request': 400,
  'not-signed-in': 401,
  'sign-in-refused': 401,
  'not-allowed': 403,
  'foreign-origin': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'body-too-large': 413,
  'address-too-long': 414,
  'too-many-attempts': 429,
  'internal-error': 500,
  'database-unavailable': 503,
} as const satisfies Readonly<Record<string, number>>;

export type ErrorCode = keyof typeof errorStatus;

const errorCodes = Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]];

/** How every refusal and failure of the API reads. */
export const ErrorAnswer = z
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
export type ErrorAnswer = z.infer<typeof ErrorAnswer>;
