/** Single sign-on as a browser runs it, with deviations that an attack needs. */
import { type HttpResponse, sendRequest } from '../target/http-client.ts';
import type { AttackingProvider, Grant } from './openid-attacker.ts';
import { type DistrictName, districtPath, getDomain } from '../target/callers.ts';
import { randomAddress, type Target } from '../target/target.ts';

/** Sets the provider of a district and returns the path of its callback. */
export async function setProvider(
  target: Target,
  district: DistrictName,
  provider: AttackingProvider,
): Promise<string> {
  const administrator = await target.createUser('administrator', district);
  const path = `${districtPath(district)}/single-sign-on`;
  const { issuer, clientId, clientSecret } = provider;
  const set = await sendRequest(target.direct.url, {
    method: 'PUT',
    path,
    cookie: administrator.cookie,
    body: {
      issuer,
      clientId,
      clientSecret,
      isEnabled: true,
      trustsEmailAddresses: false,
      isRequired: false,
      newAccounts: { role: 'staff', schools: null },
    },
  });
  if (set.status !== 200) throw new Error(`Single sign-on was not set: ${set.text}`);
  const settings = await sendRequest(target.direct.url, { path, cookie: administrator.cookie });
  const { redirectAddress } = JSON.parse(settings.text) as { redirectAddress: string };
  return new URL(redirectAddress).pathname;
}

interface StartedSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly codeChallenge: string;
  readonly cookie: string;
}

/** Starts a sign-in; returns the parameters of the redirect to the provider, and the browser's cookies. */
export async function startSignIn(
  target: Target,
  district: DistrictName,
  next?: string,
): Promise<StartedSignIn | undefined> {
  const nextParameter = next === undefined ? '' : `&next=${next}`;
  const response = await sendRequest(target.direct.url, {
    path: `/api/single-sign-on/start?domain=${getDomain(district)}${nextParameter}`,
    clientAddress: randomAddress(),
  });
  const location = URL.parse(response.headers.location ?? '');
  const query = location?.searchParams;
  if (query?.has('state') !== true) return undefined;
  return {
    state: query.get('state') ?? '',
    nonce: query.get('nonce') ?? '',
    codeChallenge: query.get('code_challenge') ?? '',
    cookie: response.cookies,
  };
}

export type CallbackPaths = Readonly<Record<DistrictName, string>>;

export interface SignInFlow {
  start(next?: string): Promise<StartedSignIn | undefined>;
  returnTo(
    callbackPath: string,
    query: Readonly<Record<string, string>>,
    cookie: string,
  ): Promise<HttpResponse>;
  /** Runs a whole sign-in: start, code, and callback, with the given deviations. */
  signIn(options?: {
    readonly grant?: Partial<Grant>;
    readonly query?: Readonly<Record<string, string | undefined>>;
    readonly cookie?: string;
    readonly callbackPath?: string;
    readonly next?: string;
  }): Promise<{
    readonly isOpen: boolean;
    readonly response: HttpResponse;
    readonly started: StartedSignIn;
  }>;
}

/** Returns sign-ins to district a through its provider. */
export function createSignInFlow(
  target: Target,
  provider: AttackingProvider,
  callbackPaths: CallbackPaths,
): SignInFlow {
  let count = 0;
  const returnTo: SignInFlow['returnTo'] = async (callbackPath, query, cookie) =>
    sendRequest(target.direct.url, {
      path: `${callbackPath}?${new URLSearchParams(query).toString()}`,
      cookie,
      clientAddress: randomAddress(),
    });
  return {
    start: (next) => startSignIn(target, 'a', next),
    returnTo,
    signIn: async ({ grant, query = {}, cookie, callbackPath = callbackPaths.a, next } = {}) => {
      const started = await startSignIn(target, 'a', next);
      if (started === undefined) throw new Error('Single sign-on does not start');
      count += 1;
      const code = `code-${count}`;
      provider.grant(code, { ...started, ...grant });
      const all = { code, state: started.state, iss: provider.issuer, ...query };
      const given = Object.entries(all).filter(([, value]) => value !== undefined);
      const response = await returnTo(
        callbackPath,
        Object.fromEntries(given) as Record<string, string>,
        cookie ?? started.cookie,
      );
      const session = await sendRequest(target.direct.url, {
        path: '/api/session',
        cookie: response.cookies,
      });
      return { isOpen: session.status === 200, response, started };
    },
  };
}
