/** Single sign-on with an evil provider, stolen codes, forged tokens and pages that lead elsewhere. */
import type { Family } from './attack.ts';
import { type Answer, askServer, publicUrl } from './http-client.ts';
import { type AttackingProvider, type Grant, startAttackingProvider } from './openid-attacker.ts';
import { type DistrictName, districtPath, domainOf } from './callers.ts';
import { freshAddress, type Target } from './target.ts';

type Note = (attack: string, seen: string | false) => void;

const victim = {
  sub: 'victim',
  email: 'victim@a.example',
  email_verified: true,
  name: 'Zqapers victim',
};

export const singleSignOnFamily: Family = {
  name: 'single sign-on',
  isQuick: true,
  async attack(target, tries) {
    const note = tries.note.bind(tries);
    const honest = await startAttackingProvider(victim, true);
    const evil = await startAttackingProvider({ ...victim, sub: 'evil' }, false);
    try {
      const places = {
        a: await setProvider(target, 'a', honest),
        b: await setProvider(target, 'b', evil),
      };
      const sign = openSignOn(target, honest, places);
      const good = await sign.whole();
      note('a good sign-in', !good.isOpen && 'is refused, so nothing was tried');
      await attackMixUp(target, note, honest, evil, places);
      await attackCallbacks(note, sign, places, honest);
      await attackTokens(note, sign, honest, evil);
      await attackPages(note, sign, tries.sample(pages, 12));
      await attackByFlood(target, note, honest);
      await attackPassword(target, note);
    } finally {
      await honest.close();
      await evil.close();
    }
  },
};

/** Sets the provider of a district; gives the path that it sends people back to. */
async function setProvider(
  target: Target,
  district: DistrictName,
  provider: AttackingProvider,
): Promise<string> {
  const administrator = await target.newPerson('administrator', district);
  const path = `${districtPath(district)}/single-sign-on`;
  const { issuer, clientId, clientSecret } = provider;
  const set = await askServer(target.inner.url, {
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
  const settings = await askServer(target.inner.url, { path, cookie: administrator.cookie });
  const { redirectAddress } = JSON.parse(settings.text) as { redirectAddress: string };
  return new URL(redirectAddress).pathname;
}

interface Begun {
  readonly state: string;
  readonly nonce: string;
  readonly codeChallenge: string;
  readonly cookie: string;
}

/** Begins at a district: what the redirect to its provider holds, and the cookies of the browser. */
async function begin(
  target: Target,
  district: DistrictName,
  next?: string,
): Promise<Begun | undefined> {
  const more = next === undefined ? '' : `&next=${next}`;
  const answer = await askServer(target.inner.url, {
    path: `/api/single-sign-on/start?domain=${domainOf(district)}${more}`,
    from: freshAddress(),
  });
  const location = URL.parse(answer.headers.location ?? '');
  const query = location?.searchParams;
  if (query?.has('state') !== true) return undefined;
  return {
    state: query.get('state') ?? '',
    nonce: query.get('nonce') ?? '',
    codeChallenge: query.get('code_challenge') ?? '',
    cookie: answer.cookies,
  };
}

type Places = Readonly<Record<DistrictName, string>>;

interface SignOn {
  begin(next?: string): Promise<Begun | undefined>;
  back(place: string, query: Readonly<Record<string, string>>, cookie: string): Promise<Answer>;
  /** Begins, is granted a code and comes back, each as told. */
  whole(told?: {
    readonly grant?: Partial<Grant>;
    readonly query?: Readonly<Record<string, string | undefined>>;
    readonly cookie?: string;
    readonly place?: string;
    readonly next?: string;
  }): Promise<{ readonly isOpen: boolean; readonly answer: Answer; readonly begun: Begun }>;
}

/** Sign-ins to district a by its provider. */
function openSignOn(target: Target, provider: AttackingProvider, places: Places): SignOn {
  let count = 0;
  const back: SignOn['back'] = async (place, query, cookie) =>
    askServer(target.inner.url, {
      path: `${place}?${new URLSearchParams(query).toString()}`,
      cookie,
      from: freshAddress(),
    });
  return {
    begin: (next) => begin(target, 'a', next),
    back,
    whole: async ({ grant, query = {}, cookie, place = places.a, next } = {}) => {
      const begun = await begin(target, 'a', next);
      if (begun === undefined) throw new Error('Single sign-on does not begin');
      count += 1;
      const code = `code-${count}`;
      provider.grant(code, { ...begun, ...grant });
      const all = { code, state: begun.state, iss: provider.issuer, ...query };
      const given = Object.entries(all).filter(([, value]) => value !== undefined);
      const answer = await back(
        place,
        Object.fromEntries(given) as Record<string, string>,
        cookie ?? begun.cookie,
      );
      const session = await askServer(target.inner.url, {
        path: '/api/session',
        cookie: answer.cookies,
      });
      return { isOpen: session.status === 200, answer, begun };
    },
  };
}

/** The attacker begins at a, the victim at the evil provider of b, which sends them on to that of a. */
async function attackMixUp(
  target: Target,
  note: Note,
  honest: AttackingProvider,
  evil: AttackingProvider,
  places: Places,
): Promise<void> {
  const sign = openSignOn(target, honest, places);
  for (const iss of [honest.issuer, undefined, evil.issuer]) {
    for (const place of new Set([places.a, places.b])) {
      const attacker = await begin(target, 'a');
      const attacked = await begin(target, 'b');
      if (attacker === undefined || attacked === undefined)
        throw new Error('Single sign-on does not begin');
      const code = `stolen-${String(iss)}-${place}`;
      honest.grant(code, attacker);
      const query = { code, state: attacked.state, ...(iss !== undefined && { iss }) };
      await sign.back(place, query, attacked.cookie);
      const what = `a code of the honest provider for the state of the evil one, at ${place} with iss ${String(iss)}`;
      // A code that comes to the address of the evil provider was sent there by the victim’s browser itself.
      const isTheirs = place === places.b && places.a !== places.b && iss !== honest.issuer;
      note(what, evil.calls.includes(`/token ${code}`) && !isTheirs && 'reaches the evil provider');
      const end = await sign.back(
        places.a,
        { code, state: attacker.state, iss: honest.issuer },
        attacker.cookie,
      );
      const session = await askServer(target.inner.url, {
        path: '/api/session',
        cookie: end.cookies,
      });
      // The attacker has no code unless the evil provider got it.
      const isStolen = evil.calls.includes(`/token ${code}`) && !isTheirs;
      note(
        `${what}, used by the attacker`,
        isStolen && session.status === 200 && `signs in: ${session.text.slice(0, 120)}`,
      );
    }
  }
}

async function attackCallbacks(
  note: Note,
  sign: SignOn,
  places: Places,
  honest: AttackingProvider,
): Promise<void> {
  const other = await sign.begin();
  const rows: readonly (readonly [string, Parameters<SignOn['whole']>[0]])[] = [
    ['the iss of another provider', { query: { iss: 'https://evil.example' } }],
    ['the iss with a slash more', { query: { iss: `${honest.issuer}/` } }],
    ['no iss though it is promised', { query: { iss: undefined } }],
    [
      'the address of another district',
      { place: places.b === places.a ? `${places.a}/999` : places.b },
    ],
    ['no cookie', { cookie: '' }],
    ['the cookie of another browser', { cookie: other?.cookie ?? '' }],
    ['the state of another browser', { query: { state: other?.state ?? '' } }],
    ['no state', { query: { state: undefined } }],
    ['an error beside the code', { query: { error: 'access_denied' } }],
    ['another code challenge', { grant: { codeChallenge: 'x' } }],
  ];
  for (const [what, told] of rows)
    note(`a callback with ${what}`, (await sign.whole(told)).isOpen && 'signs in');
  const { begun } = await sign.whole();
  honest.grant('again', begun);
  const again = await sign.back(
    places.a,
    { code: 'again', state: begun.state, iss: honest.issuer },
    begun.cookie,
  );
  note('a state that was used', again.cookies.includes('session') && 'signs in again');
  const twice = await sign.begin();
  if (twice === undefined) return;
  const atOnce = ['one', 'two'].map((code) => {
    honest.grant(code, twice);
    return sign.back(places.a, { code, state: twice.state, iss: honest.issuer }, twice.cookie);
  });
  const opened = (await Promise.all(atOnce)).filter(({ cookies }) =>
    cookies.includes('session_token'),
  );
  note('a state twice at once', opened.length > 1 && 'signs in twice');
}

async function attackTokens(
  note: Note,
  sign: SignOn,
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
    ['its time over', { exp: now - 3600, iat: now - 7200 }],
    ['no end', { exp: undefined }],
    ['an end that is a text', { exp: 'tomorrow' }],
    ['a time to come', { iat: now + 7200, exp: now + 9000 }],
    ['an address that is not verified', { email_verified: false }],
    ['an address verified in words', { email_verified: 'false' }],
    ['an address of another domain', { email: 'victim@b.example' }],
    ['an address that ends alike', { email: 'victim@evil-a.example' }],
    ['two addresses in one', { email: 'victim@b.example,victim@a.example' }],
    ['a display name around the address', { email: 'victim@b.example <victim@a.example>' }],
    ['no address', { email: undefined }],
    ['an array as address', { email: ['victim@a.example'] }],
    ['another subject', { sub: 'somebody else' }],
    ['no subject', { sub: undefined }],
    [
      'the address of an administrator with a password',
      { sub: 'new', email: 'technician@vendor.example' },
    ],
  ];
  for (const [what, changed] of claims)
    note(
      `an ID token with ${what}`,
      (await sign.whole({ grant: { claims: changed ?? {} } })).isOpen && 'signs in',
    );
  for (const signedBy of ['another key', 'none', 'public key as secret'] as const)
    note(
      `an ID token signed by ${signedBy}`,
      (await sign.whole({ grant: { signedBy } })).isOpen && 'signs in',
    );
}

/** Where to go on to after the sign-in, as it stands in an address. */
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

async function attackPages(note: Note, sign: SignOn, given: readonly string[]): Promise<void> {
  for (const page of given) {
    const what = `going on to ${page}`;
    const begun = await sign.begin(page);
    if (begun === undefined) {
      note(what, false);
      continue;
    }
    const { answer } = await sign.whole({ next: page });
    const target = URL.parse(answer.headers.location ?? '', publicUrl);
    const leaves = target?.origin !== publicUrl || /[\t\r\n]/.test(answer.headers.location ?? '');
    note(
      what,
      (leaves || answer.status >= 500) &&
        `answered ${answer.status} to ${JSON.stringify(answer.headers.location)}`,
    );
  }
}

async function attackByFlood(target: Target, note: Note, honest: AttackingProvider): Promise<void> {
  const lines = async () => {
    const { rows } = await target.database.pool.query<{ count: number }>(
      'select count(*)::int as count from audit_events',
    );
    return rows[0]?.count ?? 0;
  };
  const before = await lines();
  const { pathname } = new URL('/api/single-sign-on/callback', publicUrl);
  const ids = [target.records.a.districtId, target.records.b.districtId];
  for (let index = 0; index < 200; index++)
    await askServer(target.main.url, {
      path: `${pathname}/${ids[index % 2]}?state=${index}&code=x`,
      from: `203.0.113.${index % 4}`,
    });
  const added = (await lines()) - before;
  note(
    '200 callbacks without a state of ours',
    added > 20 && `leave ${added} lines in the audit trail`,
  );
  const calls = honest.calls.length;
  for (let index = 0; index < 60; index++) await begin(target, 'a');
  note(
    '60 starts',
    honest.calls.length - calls > 10 && `make ${honest.calls.length - calls} calls to the provider`,
  );
}

/** Who has no password gets none by mail. */
async function attackPassword(target: Target, note: Note): Promise<void> {
  const before = target.mails.mails.length;
  await target.ask(undefined, {
    method: 'POST',
    path: '/api/password-resets',
    body: { email: victim.email },
    from: freshAddress(),
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const links = target.mails.mails
    .slice(before)
    .filter(({ text }) => text?.includes('/new-password'));
  note('a link to a new password for who comes by single sign-on', links.length > 0 && 'is mailed');
}
