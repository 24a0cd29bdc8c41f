/** Links in mails, used twice, too late or by others; and what answers tell about who has an account. */
import { type Family, untilTried } from './attack.ts';
import { type Answer, publicUrl } from './http-client.ts';
import { type Caller, districtPath, password } from './callers.ts';
import { freshAddress, type Target } from './target.ts';

const newPassword = 'another walk at sundown';

export const mailedLinksFamily: Family = {
  name: 'links in mails',
  isQuick: true,
  async attack(target, tries) {
    const person = await target.newPerson('staff', 'b');
    const older = await passwordLink(target, person.email, {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
    });
    tries.note(
      'a link asked for with another host',
      older.origin !== publicUrl && `leads to ${older.origin}`,
    );
    const newer = await passwordLink(target, person.email);
    const use = async ({ token }: { token: string }) =>
      target.ask(undefined, {
        method: 'POST',
        path: '/api/new-password',
        from: freshAddress(),
        body: { token, password: newPassword },
      });
    for (const [what, token] of [
      ['one sign changed', `${newer.token.slice(0, -1)}${newer.token.endsWith('A') ? 'B' : 'A'}`],
      ['its end cut off', newer.token.slice(0, -1)],
      ['a blank behind it', `${newer.token} `],
      ['a pattern', '%'],
      ['another letter case', newer.token.toUpperCase()],
    ] as const)
      tries.note(`a link with ${what}`, (await use({ token })).status === 200 && 'works');
    tries.note(
      'the newest link',
      (await use(newer)).status !== 200 && 'does not work, so nothing was tried',
    );
    tries.note('a link that was used', (await use(newer)).status !== 410 && 'works again');
    tries.note(
      'an older link',
      (await use(older)).status !== 410 && 'works after a newer one was used',
    );
    const still = await target.ask(person, { path: '/api/session' });
    tries.note('a session after a new password by mail', still.status === 200 && 'goes on');
    const late = await target.newPerson('staff', 'b');
    const outdated = await passwordLink(target, late.email);
    await target.database.pool.query(
      `update account_verifications set expires_at = now() - interval '1 second'`,
    );
    tries.note('a link that is too old', (await use(outdated)).status !== 410 && 'works');

    await attackInvitations(target, tries.note.bind(tries));
    await attackAddresses(target, tries.note.bind(tries));
  },
};

type Note = (attack: string, seen: string | false) => void;

/** Asks for a link and waits for its mail. */
async function passwordLink(target: Target, email: string, headers: Record<string, string> = {}) {
  const before = target.mails.mails.length;
  const answer = await target.ask(undefined, {
    method: 'POST',
    path: '/api/password-resets',
    body: { email },
    headers,
    from: freshAddress(),
  });
  if (answer.status !== 200) throw new Error(`No link was sent: ${answer.text}`);
  await mailsAfter(target, before);
  const link = new URL(target.mails.linkTo(email, '/'));
  return { origin: link.origin, token: tokenIn(link) };
}

const tokenIn = (link: URL) =>
  link.searchParams.get('token') ?? (link.hash.slice(1) || (link.pathname.split('/').at(-1) ?? ''));

/** Waits until a further mail has come. */
async function mailsAfter(target: Target, count: number): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (target.mails.mails.length <= count && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

async function attackInvitations(target: Target, note: Note): Promise<void> {
  const administrator = await target.newPerson('administrator', 'b');
  const invite = async (email: string) => {
    const before = target.mails.mails.length;
    const invited = await untilTried(() =>
      target.ask(administrator, {
        method: 'POST',
        path: `${districtPath('b')}/invitations`,
        body: { email, role: 'staff', schools: [501] },
      }),
    );
    if (invited.status !== 200) throw new Error(`No invitation was sent: ${invited.text}`);
    await mailsAfter(target, before);
    return tokenIn(new URL(target.mails.linkTo(email, '/')));
  };
  const accept = async (token: string, more: object = {}) =>
    target.ask(undefined, {
      method: 'POST',
      path: `/api/invitations/${encodeURIComponent(token)}`,
      body: { name: 'Zqbpers guest', password, ...more },
      from: freshAddress(),
    });
  const listed = async () => {
    const answer = await target.ask(administrator, { path: `${districtPath('b')}/users` });
    return (JSON.parse(answer.text) as { invitations: { id: string; email: string }[] })
      .invitations;
  };
  const [first, second, third] = ['one', 'two', 'three'].map((name) => `${name}@b.example`);
  const used = await invite(first ?? '');
  note(
    'an invitation with a role of one’s own',
    (await accept(used, { role: 'administrator' })).status === 200 && 'is accepted',
  );
  const accepted = await accept(used);
  note('an invitation', accepted.status !== 200 && 'does not work, so nothing was tried');
  note('an invitation that was used', (await accept(used)).status !== 410 && 'works again');
  const session = await target.ask(undefined, { path: '/api/session', cookie: accepted.cookies });
  note('who was invited as staff', !session.text.includes('"role":"staff"') && 'is something else');

  const withdrawn = await invite(second ?? '');
  const { id } = (await listed()).find(({ email }) => email === second) ?? { id: '' };
  await target.ask(administrator, {
    method: 'DELETE',
    path: `${districtPath('b')}/invitations/${id}`,
  });
  note('an invitation that was withdrawn', (await accept(withdrawn)).status !== 410 && 'works');

  const former = await invite(third ?? '');
  const open = (await listed()).find(({ email }) => email === third);
  const resent = await untilTried(() =>
    target.ask(administrator, {
      method: 'POST',
      path: `${districtPath('b')}/invitations/${open?.id}/resend`,
    }),
  );
  if (resent.status !== 200) throw new Error(`No invitation was sent anew: ${resent.text}`);
  note('an invitation after it was sent anew', (await accept(former)).status !== 410 && 'works');
  const text = `Zqbpers Bcc: x@evil.example\r\nhttps://evil.example/reset`;
  for (const name of [text, 'see https://evil.example', 'x'.repeat(500), 'a\u2028b']) {
    const renamed = await target.ask(administrator, {
      method: 'PUT',
      path: '/api/account/name',
      body: { name },
    });
    note(
      `a name with ${JSON.stringify(name).slice(0, 30)}`,
      renamed.status === 200 && 'goes into the mails of invitations',
    );
  }
}

const bodyOf = ({ status, text }: Answer) =>
  `${status} ${text.replaceAll(/"requestId":"[^"]*"/g, '')}`;

/** Answers for addresses with an account are those for addresses without. */
async function attackAddresses(target: Target, note: Note): Promise<void> {
  const known = await target.newPerson('staff', 'a');
  const unknown = { email: 'who-is-this@a.example' };
  const compare = async (what: string, ask: (email: string) => Promise<Answer>) => {
    const [one, other] = [
      await untilTried(() => ask(known.email)),
      await untilTried(() => ask(unknown.email)),
    ];
    const differ =
      bodyOf(one).replaceAll(known.email, '#') !== bodyOf(other).replaceAll(unknown.email, '#');
    note(what, differ && `answered ${bodyOf(one).slice(0, 120)} or ${bodyOf(other).slice(0, 120)}`);
  };
  const post =
    (path: string, body: (email: string) => object, caller?: Caller) => async (email: string) =>
      target.ask(caller, { method: 'POST', path, body: body(email), from: freshAddress() });
  await compare(
    'a wrong password',
    post('/api/session', (email) => ({ email, password: 'wrong, surely' })),
  );
  await compare(
    'a link to a new password',
    post('/api/password-resets', (email) => ({ email })),
  );
  const administrator = await target.newPerson('administrator', 'b');
  await compare(
    'an invitation by another district',
    post(
      `${districtPath('b')}/invitations`,
      (email) => ({ email, role: 'staff', schools: null }),
      administrator,
    ),
  );
  const offers = ['a.example', 'b.example', 'nowhere.example'].map((domain) =>
    target.ask(undefined, { path: `/api/single-sign-on?domain=${domain}` }),
  );
  const texts = new Set((await Promise.all(offers)).map(({ text }) => text));
  note(
    'the offer of single sign-on',
    texts.size > 1 && 'tells which districts there are though it is off',
  );
}
