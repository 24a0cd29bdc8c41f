/** What the API is created with, and what each of its requests carries. */
import type { Logger } from 'pino';

import type { Accounts, Caller, User } from '../../accounts/accounts.ts';
import type { AuditTrail } from '../../accounts/audit/audit-trail.ts';
import type { Endpoint } from '../../contract/endpoint.ts';
import type { Database } from '../../database/database.ts';
import type { WebDatabase } from '../../database/web-database.ts';
import type { RateLimits } from './rate-limits.ts';
import type { TemporaryFiles } from './temporary-file.ts';
import type { SealingKey } from '../../districts/sealed-secret.ts';
import type { SetupContext } from '../../districts/setup-steps.ts';
import type { ImportQueue } from '../../jobs/import-queue.ts';
import type { Mailer } from '../../mail/mailer.ts';
import type { TrustedProxies } from '../../network/caller-address.ts';
import type { AddressRules } from '../../webhooks/webhook-request.ts';
import type { Work } from './work-limits.ts';

export interface ApiOptions {
  /** The web's connections; routes have no access to those of imports and migrations. */
  readonly database: WebDatabase;
  readonly accounts: Accounts;
  /** Concurrency limits of expensive work. */
  readonly work: Work;
  /** Where downloads are stored until they are sent. */
  readonly temporaryFiles: TemporaryFiles;
  readonly log: Logger;
  /** The public address, as given to `createAccounts`; requests that write must come from it. */
  readonly publicUrl?: string | undefined;
  /** The proxies in front of this server; without them the peer of a connection is the caller. */
  readonly trustedProxies?: TrustedProxies | undefined;
  /** Counts calls of all endpoints. */
  readonly rateLimits: RateLimits;
  /** Name of the product on the screen (default SameGoal). */
  readonly productName?: string | undefined;
  /** The queue of imports; without it the API cannot start any. */
  readonly imports?: ImportQueue | undefined;
  /** Connecting districts: secrets and Skyward's partner interface; without it requests are read-only. */
  readonly setup?: SetupOptions | undefined;
  /** What webhooks need; without it existing ones are read-only. */
  readonly webhooks?: WebhookOptions | undefined;
  /** The bearer token for /metrics; without it nobody may read them. */
  readonly metricsToken?: string | undefined;
  /** Aborted when the server closes, which ends event streams. */
  readonly closing?: AbortSignal | undefined;
  /** How often event streams check for changes (default every second). */
  readonly eventsEveryMs?: number | undefined;
  /** The clock (default: the system's). */
  readonly now?: (() => Temporal.Instant) | undefined;
}

/** What connecting a district needs. */
export interface SetupOptions extends Omit<SetupContext, 'pool' | 'now'> {
  readonly mailer: Mailer | undefined;
  /** Where districts send their setup request by mail, if mail is accepted. */
  readonly supportAddress?: string | undefined;
}

/** What sending webhooks needs. */
export interface WebhookOptions extends AddressRules {
  readonly sealingKey: SealingKey;
}

/** What `createApi` needs; the rest has defaults. */
export interface ApiDeps
  extends
    Omit<ApiOptions, 'database' | 'rateLimits' | 'work' | 'temporaryFiles'>,
    Partial<Pick<ApiOptions, 'work' | 'temporaryFiles'>> {
  readonly database: Pick<Database, 'web'>;
  /** The counters of rate limits (default: new ones). */
  readonly rateLimits?: RateLimits | undefined;
  /**
   * Where views and searches are recorded (default: a trail without batching, so each search waits until it is
   * counted).
   */
  readonly trail?: AuditTrail | undefined;
}

/** Hono's environment: what a request carries through the middleware. */
export interface ApiEnvironment {
  readonly Bindings: {
    /** Node's own request; absent when a test calls the app without a server. */
    readonly incoming?: {
      readonly socket: { readonly remoteAddress?: string };
      readonly headersDistinct?: { readonly host?: readonly string[] };
    };
  };
  readonly Variables: {
    requestId: string;
    /** The caller's network address, for rate limits and the audit trail. */
    address: string;
    /** Set on every request. */
    trail: AuditTrail;
    /** Set on every endpoint of the contract. */
    endpoint: Endpoint;
    /** Set on every endpoint that is not public. */
    user: User;
    /** The user with the session; set together with `user`. */
    caller: Caller;
  };
}
