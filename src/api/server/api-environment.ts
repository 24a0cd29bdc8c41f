/** What the routes of the API work with, handed in once. */
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
  /** The web's connections; no route gets hold of those of imports and migrations. */
  readonly database: WebDatabase;
  readonly accounts: Accounts;
  /** The turns of expensive work. */
  readonly work: Work;
  /** Where downloads wait for their readers. */
  readonly temporaryFiles: TemporaryFiles;
  readonly log: Logger;
  /** The address people type, as given to `createAccounts`; writing requests have to come from it. */
  readonly publicUrl?: string | undefined;
  /** The proxies before this server; absent: whoever connects is who calls. */
  readonly trustedProxies?: TrustedProxies | undefined;
  /** Counts calls of all endpoints. */
  readonly rateLimits: RateLimits;
  /** Name of the product on the screen (default SameGoal). */
  readonly productName?: string | undefined;
  /** Where imports are asked for; without it none can be started from the screen. */
  readonly imports?: ImportQueue | undefined;
  /** Connecting districts: secrets and Skyward's vendor side; without it the queue can only be looked at. */
  readonly setup?: SetupOptions | undefined;
  /** What webhooks need; without it those that are there can only be looked at. */
  readonly webhooks?: WebhookOptions | undefined;
  /** Who sends this as bearer token may read /metrics; without it nobody may. */
  readonly metricsToken?: string | undefined;
  /** Aborted when the server closes: answers that go on and on end then. */
  readonly closing?: AbortSignal | undefined;
  /** How often streams of events look for news (default every second). */
  readonly eventsEveryMs?: number | undefined;
  /** The clock: the system's unless told. */
  readonly now?: (() => Temporal.Instant) | undefined;
}

/** What connecting a district needs. */
export interface SetupOptions extends Omit<SetupContext, 'pool' | 'now'> {
  readonly mailer: Mailer | undefined;
  /** Where districts mail their request to, if mail is taken at all. */
  readonly supportAddress?: string | undefined;
}

/** What sending webhooks needs. */
export interface WebhookOptions extends AddressRules {
  readonly sealingKey: SealingKey;
}

/** What the API is made of. */
export interface ApiDeps
  extends
    Omit<ApiOptions, 'database' | 'rateLimits' | 'work' | 'temporaryFiles'>,
    Partial<Pick<ApiOptions, 'work' | 'temporaryFiles'>> {
  readonly database: Pick<Database, 'web'>;
  /** The limits of the contract, counted from now on, unless told. */
  readonly rateLimits?: RateLimits | undefined;
  /** Where looks and searches are kept; unless told, each search waits until it is counted. */
  readonly trail?: AuditTrail | undefined;
}

/** What a request carries through the middleware. */
export interface ApiEnvironment {
  readonly Bindings: {
    /** Node's own request; absent where a test asks the app without a server. */
    readonly incoming?: {
      readonly socket: { readonly remoteAddress?: string };
      readonly headersDistinct?: { readonly host?: readonly string[] };
    };
  };
  readonly Variables: {
    requestId: string;
    /** The network address of who calls, as limits and audit trail count it. */
    address: string;
    /** Set on every request. */
    trail: AuditTrail;
    /** Set on every endpoint of the contract. */
    endpoint: Endpoint;
    /** Set on every endpoint that is not public. */
    user: User;
    /** The same, with the session; set together with it. */
    caller: Caller;
  };
}
