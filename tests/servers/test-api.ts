/** An API over its own database, with a user of every role. */
import { Writable } from 'node:stream';

import type { Hono } from 'hono';
import pino, { type Logger } from 'pino';
import { z } from 'zod';

import { openTestDatabase } from './test-database.ts';
import { insertDistrict } from '../builders/record-builder.ts';
import { type Accounts, createAccounts } from '../../src/accounts/accounts.ts';
import { ErrorResponse, Role } from '../../src/contract/endpoint.ts';
import type { Database } from '../../src/database/database.ts';
import type { ApiEnvironment, ApiOptions } from '../../src/api/server/api-environment.ts';
import { createApi } from '../../src/api/server/server.ts';
import { generousLimits } from './generous-limits.ts';
import { fastPasswords } from './fast-password-hashing.ts';
import { setUpTwoFactor } from '../builders/two-factor.ts';

export const password = 'a long walk at sunrise';

/** Signs the sessions of tests. */
export const secret = 'test-secret-0123456789-0123456789';

export interface TestApi {
  readonly app: Hono<ApiEnvironment>;
  readonly database: Database;
  readonly districtId: number;
  readonly otherDistrictId: number;
  readonly accounts: Accounts;
  readonly logger: Logger;
  /** Returns the log so far. */
  log(): string;
  /** Returns the session cookie of this role's user. */
  cookie(role: Role): string;
  /** Sends a request as this role's user of the first district (a technician: of every district). */
  ask(role: Role, path: string, init?: RequestInit): Promise<Response>;
  /** Sends a request relative to the first district's path: `/students`. */
  askDistrict(role: Role, path: string, init?: RequestInit): Promise<Response>;
  /** Sends JSON relative to the first district's path. */
  send(role: Role, method: string, path: string, body?: unknown): Promise<Response>;
  close(): Promise<void>;
}

/** The first district's path in the API; the other one is `/api/districts/other.example`. */
export const testDistrict = '/api/districts/demo.example';

export const emailOf = (role: Role): string => `${role}@demo.example`;

/** Opens the API and signs in a user of each role. `more` are further dependencies of the API. */
export async function openTestApi(
  more: Omit<Partial<ApiOptions>, 'database' | 'accounts' | 'log'> = {},
): Promise<TestApi> {
  const database = await openTestDatabase();
  const districtId = await insertDistrict(database);
  const otherDistrictId = await insertDistrict(database, { domain: 'other.example' });
  let logged = '';
  const log = pino(
    { level: 'debug' },
    new Writable({
      write(chunk, _encoding, done) {
        logged += String(chunk);
        done();
      },
    }),
  );
  const accounts = createAccounts({
    passwordHashing: fastPasswords,
    sealingKey: more.webhooks?.sealingKey,
    database,
    secret,
    log,
  });
  const app = createApi({ rateLimits: generousLimits(), ...more, database, accounts, log });
  const cookies = new Map<Role, string>();
  for (const role of Role.options) {
    const email = emailOf(role);
    await accounts.createAccount({
      email,
      password,
      name: 'Sam Poe',
      districtId: role === 'technician' ? null : districtId,
      role,
    });
    const cookie = cookieOf(await signIn(app, email, password));
    cookies.set(role, role === 'technician' ? await withTwoFactor(app, cookie) : cookie);
  }
  const ask: TestApi['ask'] = async (role, path, init = {}) =>
    app.request(path, {
      ...init,
      headers: { ...(init.headers as object), cookie: cookies.get(role) ?? '' },
    });
  const askDistrict: TestApi['askDistrict'] = async (role, path, init) =>
    ask(role, `${testDistrict}${path}`, init);
  return {
    app,
    database,
    districtId,
    otherDistrictId,
    accounts,
    logger: log,
    log: () => logged,
    cookie: (role) => cookies.get(role) ?? '',
    ask,
    askDistrict,
    send: async (role, method, path, body) =>
      askDistrict(role, path, {
        method,
        ...(body !== undefined && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      }),
    close: () => database.close(),
  };
}

/** Signs in by e-mail and password. */
export const signIn = async (
  app: Hono<ApiEnvironment>,
  email: string,
  given: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> =>
  app.request('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ email, password: given }),
  });

/** Sets up two-factor sign-in for a signed-in user, as technicians must; returns the new cookie. */
export async function withTwoFactor(app: Hono<ApiEnvironment>, cookie: string): Promise<string> {
  let latest = cookie;
  await setUpTwoFactor(async (method, path, body) => {
    const response = await app.request(path, {
      method,
      headers: { cookie, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    latest = cookieOf(response) || latest;
    return response.json();
  });
  return latest;
}

/** Returns the cookies of a response as a browser sends them back. */
export const cookieOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');

/** Parses the error of a response by the contract. */
export const errorOf = async (response: Response): Promise<ErrorResponse['error']> =>
  ErrorResponse.parse(await response.json()).error;

/** Parses a response by its schema. */
export const parseResponse = async <Schema extends z.ZodType>(
  schema: Schema,
  response: Response,
): Promise<z.output<Schema>> => schema.parse(await response.json());
