/** Attacks with mailed links (used twice, expired, altered), and responses that reveal who has an account. */
import { type Family, sendUntilAllowed } from '../attack.ts';
import { type HttpResponse, publicUrl } from '../target/http-client.ts';
import { type Caller, districtPath, password } from '../target/callers.ts';
import { randomAddress, type Target } from '../target/target.ts';

const newPassword = 'another walk at sundown';

export const mailedLinksFamily: Family = {
  name: 'links in mails',
  isQuick: true,
  async attack(target, attempts) {
    const person = await target.createUser('staff', 'b');
    const olderLink = await requestPasswordLink(target, person.email, {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
    });
    attempts.record(
      'a link requested with another host',
      olderLink.origin !== publicUrl && `leads to ${olderLink.origin}`,
    );
    const newerLink = await requestPasswordLink(target, person.email);
    const useLink = async ({ token }: { token: string }) =>
      target.send(undefined, {
        method: 'POST',
        path: '/api/new-password',
        clientAddress: randomAddress(),
        body: { token, password: newPassword },
      });
    for (const [what, token] of [
      [
        'one character changed',
        `${newerLink.token.slice(0, -1)}${newerLink.token.endsWith('A') ? 'B' : 'A'}`,
      ],
      ['its end cut off', newerLink.token.slice(0, -1)],
      ['a space at the end', `${newerLink.token} `],
      ['a pattern', '%'],
      ['another letter case', newerLink.token.toUpperCase()],
    ] as const)
      attempts.record(`a link with ${what}`, (await useLink({ token })).status === 200 && 'works');
    attempts.record(
      'the newest link',
      (await useLink(newerLink)).status !== 200 && 'does not work, so nothing was tested',
    );
    attempts.record(
      'a link that was used',
      (await useLink(newerLink)).status !== 410 && 'works again',
    );
    attempts.record(
      'an older link',
      (await useLink(olderLink)).status !== 410 && 'works after a newer one was used',
    );
    const session = await target.send(person, { path: '/api/session' });
    attempts.record('a session after a password reset', session.status === 200 && 'stays open');
    const lateUser = await target.createUser('staff', 'b');
    const expiredLink = await requestPasswordLink(target, lateUser.email);
    await target.database.pool.query(
      `update account_verifications set expires_at = now() - interval '1 second'`,
    );
    attempts.record('an expired link', (await useLink(expiredLink)).status !== 410 && 'works');

    await attackInvitations(target, attempts.record.bind(attempts));
    await attackAddresses(target, attempts.record.bind(attempts));
  },
};

type RecordAttempt = (attack: string, finding: string | false) => void;

/** Requests a link and waits for its mail. */
async function requestPasswordLink(
  target: Target,
  email: string,
  headers: Record<string, string> = {},
) {
  const before = target.mails.mails.length;
  const response = await target.send(undefined, {
    method: 'POST',
    path: '/api/password-resets',
    body: { email },
    headers,
    clientAddress: randomAddress(),
  });
  if (response.status !== 200) throw new Error(`No link was sent: ${response.text}`);
  await waitForMail(target, before);
  const link = new URL(target.mails.linkTo(email, '/'));
  return { origin: link.origin, token: findToken(link) };
}

const findToken = (link: URL) =>
  link.searchParams.get('token') ?? (link.hash.slice(1) || (link.pathname.split('/').at(-1) ?? ''));

/** Waits for another mail. */
async function waitForMail(target: Target, count: number): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (target.mails.mails.length <= count && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

async function attackInvitations(target: Target, record: RecordAttempt): Promise<void> {
  const administrator = await target.createUser('administrator', 'b');
  const invite = async (email: string) => {
    const before = target.mails.mails.length;
    const invited = await sendUntilAllowed(() =>
      target.send(administrator, {
        method: 'POST',
        path: `${districtPath('b')}/invitations`,
        body: { email, role: 'staff', schools: [501] },
      }),
    );
    if (invited.status !== 200) throw new Error(`No invitation was sent: ${invited.text}`);
    await waitForMail(target, before);
    return findToken(new URL(target.mails.linkTo(email, '/')));
  };
  const accept = async (token: string, more: object = {}) =>
    target.send(undefined, {
      method: 'POST',
      path: `/api/invitations/${encodeURIComponent(token)}`,
      body: { name: 'Zqbpers guest', password, ...more },
      clientAddress: randomAddress(),
    });
  const listInvitations = async () => {
    const response = await target.send(administrator, { path: `${districtPath('b')}/users` });
    return (JSON.parse(response.text) as { invitations: { id: string; email: string }[] })
      .invitations;
  };
  const [first, second, third] = ['one', 'two', 'three'].map((name) => `${name}@b.example`);
  const usedToken = await invite(first ?? '');
  record(
    'an invitation with a chosen role',
    (await accept(usedToken, { role: 'administrator' })).status === 200 && 'is accepted',
  );
  const accepted = await accept(usedToken);
  record('an invitation', accepted.status !== 200 && 'does not work, so nothing was tested');
  record('an invitation that was used', (await accept(usedToken)).status !== 410 && 'works again');
  const session = await target.send(undefined, { path: '/api/session', cookie: accepted.cookies });
  record('a user invited as staff', !session.text.includes('"role":"staff"') && 'has another role');

  const canceledToken = await invite(second ?? '');
  const { id } = (await listInvitations()).find(({ email }) => email === second) ?? { id: '' };
  await target.send(administrator, {
    method: 'DELETE',
    path: `${districtPath('b')}/invitations/${id}`,
  });
  record('a canceled invitation', (await accept(canceledToken)).status !== 410 && 'works');

  const formerToken = await invite(third ?? '');
  const open = (await listInvitations()).find(({ email }) => email === third);
  const resent = await sendUntilAllowed(() =>
    target.send(administrator, {
      method: 'POST',
      path: `${districtPath('b')}/invitations/${open?.id}/resend`,
    }),
  );
  if (resent.status !== 200) throw new Error(`The invitation was not resent: ${resent.text}`);
  record(
    'an invitation after it was resent',
    (await accept(formerToken)).status !== 410 && 'works',
  );
  const text = `Zqbpers Bcc: x@evil.example\r\nhttps://evil.example/reset`;
  for (const name of [text, 'see https://evil.example', 'x'.repeat(500), 'a\u2028b']) {
    const renamed = await target.send(administrator, {
      method: 'PUT',
      path: '/api/account/name',
      body: { name },
    });
    record(
      `a name with ${JSON.stringify(name).slice(0, 30)}`,
      renamed.status === 200 && 'appears in invitation mails',
    );
  }
}

const normalizeResponse = ({ status, text }: HttpResponse) =>
  `${status} ${text.replaceAll(/"requestId":"[^"]*"/g, '')}`;

/** Responses must not depend on whether an address has an account. */
async function attackAddresses(target: Target, record: RecordAttempt): Promise<void> {
  const known = await target.createUser('staff', 'a');
  const unknown = { email: 'who-is-this@a.example' };
  const compare = async (what: string, send: (email: string) => Promise<HttpResponse>) => {
    const [one, other] = [
      await sendUntilAllowed(() => send(known.email)),
      await sendUntilAllowed(() => send(unknown.email)),
    ];
    const isDifferent =
      normalizeResponse(one).replaceAll(known.email, '#') !==
      normalizeResponse(other).replaceAll(unknown.email, '#');
    record(
      what,
      isDifferent &&
        `got ${normalizeResponse(one).slice(0, 120)} or ${normalizeResponse(other).slice(0, 120)}`,
    );
  };
  const post =
    (path: string, body: (email: string) => object, caller?: Caller) => async (email: string) =>
      target.send(caller, {
        method: 'POST',
        path,
        body: body(email),
        clientAddress: randomAddress(),
      });
  await compare(
    'a wrong password',
    post('/api/session', (email) => ({ email, password: 'wrong, surely' })),
  );
  await compare(
    'a password reset',
    post('/api/password-resets', (email) => ({ email })),
  );
  const administrator = await target.createUser('administrator', 'b');
  await compare(
    'an invitation by another district',
    post(
      `${districtPath('b')}/invitations`,
      (email) => ({ email, role: 'staff', schools: null }),
      administrator,
    ),
  );
  const offerRequests = ['a.example', 'b.example', 'nowhere.example'].map((domain) =>
    target.send(undefined, { path: `/api/single-sign-on?domain=${domain}` }),
  );
  const texts = new Set((await Promise.all(offerRequests)).map(({ text }) => text));
  record(
    'the list of single sign-on providers',
    texts.size > 1 && 'reveals districts although it is off',
  );
}
