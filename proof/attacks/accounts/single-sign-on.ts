/** Attacks on single sign-on: a malicious provider, stolen codes, forged tokens and redirects to other sites. */
import type { Family } from '../attack.ts';
import { publicUrl, sendRequest } from '../target/http-client.ts';
import { type AttackingProvider, type Grant, startAttackingProvider } from './openid-attacker.ts';
import { randomAddress, type Target } from '../target/target.ts';
import {
  type CallbackPaths,
  createSignInFlow,
  setProvider,
  type SignInFlow,
  startSignIn,
} from './sign-in-flow.ts';

type RecordAttempt = (attack: string, finding: string | false) => void;

const victim = {
  sub: 'victim',
  email: 'victim@a.example',
  email_verified: true,
  name: 'Zqapers victim',
};

export const singleSignOnFamily: Family = {
  name: 'single sign-on',
  isQuick: true,
  async attack(target, attempts) {
    const record = attempts.record.bind(attempts);
    const honest = await startAttackingProvider(victim, true);
    const evil = await startAttackingProvider({ ...victim, sub: 'evil' }, false);
    try {
      const callbackPaths = {
        a: await setProvider(target, 'a', honest),
        b: await setProvider(target, 'b', evil),
      };
      const flow = createSignInFlow(target, honest, callbackPaths);
      const good = await flow.signIn();
      record('a good sign-in', !good.isOpen && 'is rejected, so nothing was tested');
      await attackMixUp(target, record, honest, evil, callbackPaths);
      await attackCallbacks(record, flow, callbackPaths, honest);
      await attackTokens(record, flow, honest, evil);
      await attackPages(record, flow, attempts.sample(pages, 12));
      await attackByFlood(target, record, honest);
      await attackPassword(target, record);
    } finally {
      await honest.close();
      await evil.close();
    }
  },
};

/** Mix-up: the attacker starts at a; the victim starts at the malicious provider of b, which redirects to that of a. */
async function attackMixUp(
  target: Target,
  record: RecordAttempt,
  honest: AttackingProvider,
  evil: AttackingProvider,
  callbackPaths: CallbackPaths,
): Promise<void> {
  const flow = createSignInFlow(target, honest, callbackPaths);
  for (const iss of [honest.issuer, undefined, evil.issuer]) {
    for (const callbackPath of new Set([callbackPaths.a, callbackPaths.b])) {
      const attacker = await startSignIn(target, 'a');
      const attacked = await startSignIn(target, 'b');
      if (attacker === undefined || attacked === undefined)
        throw new Error('Single sign-on does not start');
      const code = `stolen-${String(iss)}-${callbackPath}`;
      honest.grant(code, attacker);
      const query = { code, state: attacked.state, ...(iss !== undefined && { iss }) };
      await flow.returnTo(callbackPath, query, attacked.cookie);
      const what = `a code of the honest provider for the state of the malicious one, at ${callbackPath} with iss ${String(iss)}`;
      // The victim’s browser itself sent a code to the callback of the malicious provider.
      const isOwnCode =
        callbackPath === callbackPaths.b &&
        callbackPaths.a !== callbackPaths.b &&
        iss !== honest.issuer;
      record(
        what,
        evil.calls.includes(`/token ${code}`) && !isOwnCode && 'reaches the malicious provider',
      );
      const end = await flow.returnTo(
        callbackPaths.a,
        { code, state: attacker.state, iss: honest.issuer },
        attacker.cookie,
      );
      const session = await sendRequest(target.direct.url, {
        path: '/api/session',
        cookie: end.cookies,
      });
      // The attacker has the code only if the malicious provider received it.
      const isStolen = evil.calls.includes(`/token ${code}`) && !isOwnCode;
      record(
        `${what}, used by the attacker`,
        isStolen && session.status === 200 && `signs in: ${session.text.slice(0, 120)}`,
      );
    }
  }
}

async function attackCallbacks(
  record: RecordAttempt,
  flow: SignInFlow,
  callbackPaths: CallbackPaths,
  honest: AttackingProvider,
): Promise<void> {
  const other = await flow.start();
  const rows: readonly (readonly [string, Parameters<SignInFlow['signIn']>[0]])[] = [
    ['the iss of another provider', { query: { iss: 'https://evil.example' } }],
    ['the iss with a slash more', { query: { iss: `${honest.issuer}/` } }],
    ['no iss though it is promised', { query: { iss: undefined } }],
    [
      'the address of another district',
      {
        callbackPath:
          callbackPaths.b === callbackPaths.a ? `${callbackPaths.a}/999` : callbackPaths.b,
      },
    ],
    ['no cookie', { cookie: '' }],
    ['the cookie of another browser', { cookie: other?.cookie ?? '' }],
    ['the state of another browser', { query: { state: other?.state ?? '' } }],
    ['no state', { query: { state: undefined } }],
    ['an error next to the code', { query: { error: 'access_denied' } }],
    ['another code challenge', { grant: { codeChallenge: 'x' } }],
  ];
  for (const [what, options] of rows)
    record(`a callback with ${what}`, (await flow.signIn(options)).isOpen && 'signs in');
  const { started } = await flow.signIn();
  honest.grant('again', started);
  const again = await flow.returnTo(
    callbackPaths.a,
    { code: 'again', state: started.state, iss: honest.issuer },
    started.cookie,
  );
  record('a state that was used', again.cookies.includes('session') && 'signs in again');
  const twice = await flow.start();
  if (twice === undefined) return;
  const simultaneous = ['one', 'two'].map((code) => {
    honest.grant(code, twice);
    return flow.returnTo(
      callbackPaths.a,
      { code, state: twice.state, iss: honest.issuer },
      twice.cookie,
    );
  });
  const opened = (await Promise.all(simultaneous)).filter(({ cookies }) =>
    cookies.includes('session_token'),
  );
  record('a state twice at once', opened.length > 1 && 'signs in twice');
}

async function attackTokens(
  record: RecordAttempt,
  flow: SignInFlow,
  honest: AttackingProvider,
  evil: AttackingProvider,
): Promise<void> {
  const now = Math.floor(Temporal.Now.instant().epochMilliseconds / 1000);
  const claims: readonly (readonly [string, Grant['claims']])[] = [
    ['another nonce', { nonce: 'x' }],
    ['no nonce', { nonce: undefined }],
    ['another issuer', { iss: evil.issuer }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'another' }],
    ['two audiences', { aud: [honest.clientId, 'another'], azp: 'another' }],
    ['a past expiration', { exp: now - 3600, iat: now - 7200 }],
    ['no expiration', { exp: undefined }],
    ['an expiration that is a text', { exp: 'tomorrow' }],
    ['a future issue time', { iat: now + 7200, exp: now + 9000 }],
    ['an address that is not verified', { email_verified: false }],
    ['an address verified as a text', { email_verified: 'false' }],
    ['an address of another domain', { email: 'victim@b.example' }],
    ['an address that ends alike', { email: 'victim@evil-a.example' }],
    ['two addresses in one', { email: 'victim@b.example,victim@a.example' }],
    ['a display name around the address', { email: 'victim@b.example <victim@a.example>' }],
    ['no address', { email: undefined }],
    ['an array as address', { email: ['victim@a.example'] }],
    ['another subject', { sub: 'another subject' }],
    ['no subject', { sub: undefined }],
    [
      'the address of an administrator with a password',
      { sub: 'new', email: 'technician@vendor.example' },
    ],
  ];
  for (const [what, changed] of claims)
    record(
      `an ID token with ${what}`,
      (await flow.signIn({ grant: { claims: changed ?? {} } })).isOpen && 'signs in',
    );
  for (const signedBy of ['another key', 'none', 'public key as secret'] as const)
    record(
      `an ID token signed by ${signedBy}`,
      (await flow.signIn({ grant: { signedBy } })).isOpen && 'signs in',
    );
}

/** Values of the `next` parameter, the page after the sign-in, as in a URL. */
const pages: readonly string[] = [
  '%2F%2Fevil.example',
  '%2F%09%2Fevil.example',
  '%2F%0A%2Fevil.example',
  '%2F%0D%2Fevil.example',
  '%2F%00%2Fevil.example',
  '%2F%5Cevil.example',
  '%2F%09%5Cevil.example',
  '%5C%5Cevil.example',
  '%09%2F%2Fevil.example',
  '%20%2F%2Fevil.example',
  'https%3A%2F%2Fevil.example',
  'https%3Aevil.example',
  'javascript%3Aalert(1)',
  'data%3Atext%2Fhtml%2Cx',
  '%2F.%2F%2Fevil.example',
  '%2F..%2F%2Fevil.example',
  '%2Fa%2F..%2F%2Fevil.example',
  '%2F%2E%2F%5Cevil.example',
  '%2Fx%0D%0ASet-Cookie%3A%20a%3Db',
  '%2F%E2%80%A8%2Fevil.example',
  '%2F%252Fevil.example',
  '%40evil.example',
  '.evil.example',
  '%3A80%40evil.example',
  '%2F%EF%BC%8Fevil.example',
  '%2F%7F%2Fevil.example',
];

async function attackPages(
  record: RecordAttempt,
  flow: SignInFlow,
  selectedPages: readonly string[],
): Promise<void> {
  for (const page of selectedPages) {
    const what = `redirecting to ${page}`;
    const started = await flow.start(page);
    if (started === undefined) {
      record(what, false);
      continue;
    }
    const { response } = await flow.signIn({ next: page });
    const target = URL.parse(response.headers.location ?? '', publicUrl);
    const isForeign =
      target?.origin !== publicUrl || /[\t\r\n]/.test(response.headers.location ?? '');
    record(
      what,
      (isForeign || response.status >= 500) &&
        `got ${response.status} to ${JSON.stringify(response.headers.location)}`,
    );
  }
}

async function attackByFlood(
  target: Target,
  record: RecordAttempt,
  honest: AttackingProvider,
): Promise<void> {
  const countEvents = async () => {
    const { rows } = await target.database.pool.query<{ count: number }>(
      'select count(*)::int as count from audit_events',
    );
    return rows[0]?.count ?? 0;
  };
  const before = await countEvents();
  const { pathname } = new URL('/api/single-sign-on/callback', publicUrl);
  const ids = [target.records.a.districtId, target.records.b.districtId];
  for (let index = 0; index < 200; index++)
    await sendRequest(target.main.url, {
      path: `${pathname}/${ids[index % 2]}?state=${index}&code=x`,
      clientAddress: `203.0.113.${index % 4}`,
    });
  const added = (await countEvents()) - before;
  record(
    '200 callbacks with an unknown state',
    added > 20 && `add ${added} events to the audit trail`,
  );
  const calls = honest.calls.length;
  for (let index = 0; index < 60; index++) await startSignIn(target, 'a');
  record(
    '60 starts',
    honest.calls.length - calls > 10 && `make ${honest.calls.length - calls} calls to the provider`,
  );
}

/** A user without a password must not get one by mail. */
async function attackPassword(target: Target, record: RecordAttempt): Promise<void> {
  const before = target.mails.mails.length;
  await target.send(undefined, {
    method: 'POST',
    path: '/api/password-resets',
    body: { email: victim.email },
    clientAddress: randomAddress(),
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const links = target.mails.mails
    .slice(before)
    .filter(({ text }) => text?.includes('/new-password'));
  record('a password reset for a user of single sign-on', links.length > 0 && 'is mailed');
}
