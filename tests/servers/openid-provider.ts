/** An OpenID provider with invented users, for tests of single sign-on. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Hono } from 'hono';
import { Provider } from 'oidc-provider';

import type { ApiEnvironment } from '../../src/api/server/api-environment.ts';
import { cookieOf } from './test-api.ts';

/** A user of the provider; its sign-in page needs only the id. */
export interface ProviderPerson {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
}

export interface TestProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Returns how often this path was called. */
  countCalls(path: string): number;
  close(): Promise<void>;
}

export interface TestProviderOptions {
  readonly users: readonly ProviderPerson[];
  readonly redirectUris: readonly string[];
  /** How the secret must be sent; in the header by default. */
  readonly secretIn?: 'header' | 'form';
}

/** Starts on a free port of this machine over http. Its pages ask for name and consent. */
export async function startOpenIdProvider({
  users: people,
  redirectUris,
  secretIn = 'header',
}: TestProviderOptions): Promise<TestProvider> {
  const server = createServer();
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', () => listening.resolve());
  await listening.promise;
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientId = 'daybreak';
  const clientSecret = 'a secret: with + and % in it';
  const method = secretIn === 'header' ? 'client_secret_basic' : 'client_secret_post';
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [...redirectUris],
        token_endpoint_auth_method: method,
      },
    ],
    clientAuthMethods: [method],
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_context, id) => {
      const person = people.find(({ sub }) => sub === id);
      return person && { accountId: id, claims: () => ({ ...person }) };
    },
    cookies: { keys: ['only for tests'] },
    pkce: { required: () => true },
  });
  const handle = provider.callback();
  const calls: string[] = [];
  server.on('request', (request, response) => {
    calls.push(new URL(request.url ?? '/', issuer).pathname);
    void handle(request, response);
  });
  return {
    issuer,
    clientId,
    clientSecret,
    countCalls: (path) => calls.filter((one) => one === path).length,
    close: async () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

/** Cookies of one browser, for one host. */
export type CookieJar = Map<string, string>;

/**
 * Follows the pages of the provider like a browser, signs in as this user when asked, and
 * returns the callback URL to which the provider redirects.
 */
export async function visitProvider(
  address: string,
  sub: string,
  jar: CookieJar = new Map(),
): Promise<string> {
  let url = address;
  let form: URLSearchParams | undefined;
  for (let step = 0; step < 12; step++) {
    if (new URL(url).pathname.startsWith('/api/')) return url;
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: Array.from(jar, ([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: form }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      jar.set(name, value);
    }
    const location = response.headers.get('location');
    form = undefined;
    if (location === null) {
      const page = await response.text();
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? '';
      url = new URL(/action="([^"]+)"/.exec(page)?.[1] ?? '', url).href;
      form = new URLSearchParams({ prompt, login: sub, password: 'any' });
    } else {
      url = new URL(location, url).href;
    }
  }
  throw new Error(`the provider's pages do not redirect back: ${url}`);
}

/** Signs in at the provider as this user and returns; `query` is that of /api/single-sign-on/start. */
export async function signInAtProvider(
  app: Hono<ApiEnvironment>,
  query: Readonly<Record<string, string>>,
  sub: string,
  cookie = '',
): Promise<Response> {
  const search = new URLSearchParams(query).toString();
  const started = await app.request(`/api/single-sign-on/start?${search}`, { headers: { cookie } });
  const back = await visitProvider(started.headers.get('location') ?? '', sub);
  return app.request(back, { headers: { cookie: `${cookie}; ${cookieOf(started)}` } });
}
