/** Codes that are used twice, guessed or kept, and the ways around a second factor. */
import { oneTimeCode } from '../../tests/builders/one-time-code.ts';
import { type Family, untilTried } from './attack.ts';
import { type Answer, codeOf } from './http-client.ts';
import { requestOf } from './operations.ts';
import { type Caller, districtPath, domainOf, password } from './callers.ts';
import { freshAddress, setUpTwoFactor, type Target } from './target.ts';

export const twoFactorFamily: Family = {
  name: 'second factor',
  isQuick: true,
  async attack(target, tries) {
    const note = tries.note.bind(tries);
    await attackCodes(target, note);
    await attackBackupCodes(target, note);
    if (!tries.isQuick) await attackGuesses(target, note);
    await attackRules(target, note);
    await attackProof(target, note);
  },
};

/** What decides who gets in, shows a secret, or sends records elsewhere. */
const needingProof = new Set([
  'changePassword',
  'startTwoFactor',
  'disableTwoFactor',
  'replaceBackupCodes',
  'invite',
  'updateUser',
  'removeUser',
  'disableUserTwoFactor',
  'setTwoFactorRule',
  'setSingleSignOnSettings',
  'showClientSecret',
  'replaceConnection',
  'addWebhook',
  'changeWebhookSecret',
]);

type Note = (attack: string, seen: string | false) => void;
type Kind = 'app' | 'backup';

const twoFactor = async (target: Target, cookie: string, code: string, kind: Kind = 'app') =>
  target.ask(undefined, {
    method: 'POST',
    path: '/api/session/two-factor',
    cookie,
    from: freshAddress(),
    body: { code, kind, trustDevice: false },
  });

async function personWithFactor(target: Target) {
  const person = await target.newPerson('administrator', 'b');
  return { person, ...(await setUpTwoFactor(target.ask, person.cookie ?? '')) };
}

const now = () => Temporal.Now.instant().epochMilliseconds;
const opened = (answers: readonly Answer[]) =>
  answers.filter(({ status }) => status === 200).length;

async function attackCodes(target: Target, note: Note): Promise<void> {
  const { person, uri } = await personWithFactor(target);
  // The next one: that of now was just used to confirm the app.
  const code = oneTimeCode(uri, now() + 30_000);
  const steps = await Promise.all(Array.from({ length: 4 }, () => target.signIn(person.email)));
  for (const step of steps) {
    const session = await target.ask(undefined, { path: '/api/session', cookie: step.cookies });
    note('a session after the first step alone', session.status === 200 && 'is open');
  }
  const [one, two, three, four] = steps.map(({ cookies }) => cookies);
  const atOnce = await Promise.all(
    [one, two].map((cookie) => twoFactor(target, cookie ?? '', code)),
  );
  note('a code at the same instant', opened(atOnce) > 1 && 'signs in twice');
  note('a code', opened(atOnce) === 0 && 'is refused, so nothing was tried');
  note(
    'a code that was used',
    opened([await twoFactor(target, three ?? '', code)]) > 0 && 'signs in again',
  );
  const earlier = oneTimeCode(uri, now());
  note('an earlier code', opened([await twoFactor(target, four ?? '', earlier)]) > 0 && 'signs in');
}

async function attackBackupCodes(target: Target, note: Note): Promise<void> {
  const { person, backupCodes } = await personWithFactor(target);
  const code = backupCodes[0] ?? '';
  const steps = await Promise.all(Array.from({ length: 5 }, () => target.signIn(person.email)));
  const atOnce = await Promise.all(
    steps.map(({ cookies }) => twoFactor(target, cookies, code, 'backup')),
  );
  note(
    'a backup code five times at once',
    opened(atOnce) !== 1 && `signs in ${opened(atOnce)} times`,
  );
  const later = await target.signIn(person.email);
  note(
    'a backup code that was used',
    opened([await twoFactor(target, later.cookies, code, 'backup')]) > 0 && 'signs in',
  );
}

async function attackGuesses(target: Target, note: Note): Promise<void> {
  const { person, uri, backupCodes } = await personWithFactor(target);
  const right = oneTimeCode(uri, now() + 30_000);
  const wrong = right === '000000' ? '000001' : '000000';
  const { cookies } = await target.signIn(person.email);
  for (let guess = 0; guess < 6; guess++) await twoFactor(target, cookies, wrong);
  note(
    'the right code after six wrong ones',
    opened([await twoFactor(target, cookies, right)]) > 0 && 'signs in',
  );
  for (let step = 0; step < 4; step++) {
    const again = await target.signIn(person.email);
    for (let guess = 0; guess < 5; guess++) await twoFactor(target, again.cookies, wrong);
  }
  const last = await target.signIn(person.email);
  const answers = [
    await twoFactor(target, last.cookies, right),
    await twoFactor(target, last.cookies, backupCodes[1] ?? '', 'backup'),
  ];
  note('the right code after 26 wrong ones from new addresses', opened(answers) > 0 && 'signs in');
}

async function attackRules(target: Target, note: Note): Promise<void> {
  const { person: first, backupCodes } = await personWithFactor(target);
  const step = await target.signIn(first.email);
  const { cookies } = await twoFactor(target, step.cookies, backupCodes[1] ?? '', 'backup');
  const person = { ...first, cookie: cookies };
  // As if it had been opened by somebody else some time ago.
  await age(target, person);
  for (const operation of target.operations.filter(({ id }) => needingProof.has(id))) {
    const answer = await untilTried(() =>
      target.ask(person, requestOf(operation, { domain: domainOf('b') })),
    );
    note(
      `${operation.method} ${operation.path} in an old session`,
      codeOf(answer) !== 'reauthentication-required' &&
        `answered ${answer.status} ${codeOf(answer)}`,
    );
  }
  const technician = await freshTechnician(target);
  for (const path of [
    '/api/districts',
    `${districtPath('a')}/students`,
    '/api/audit',
    '/api/support/requests',
  ]) {
    const answer = await target.ask(technician, { path });
    note(
      `a technician without a second factor, GET ${path}`,
      answer.status < 400 && `answered ${answer.status}`,
    );
  }
}

/** Proving who it is once more is no way to guess passwords or to use codes again. */
async function attackProof(target: Target, note: Note): Promise<void> {
  const prove = async (person: Caller, body: object) =>
    target.ask(person, {
      method: 'POST',
      path: '/api/session/reauthentication',
      from: freshAddress(),
      body,
    });
  const plain = await target.newPerson('administrator', 'b');
  await age(target, plain);
  for (let guess = 0; guess < 12; guess++)
    await prove(plain, { password: `wrong, surely ${guess}` });
  note(
    'the right password after twelve wrong ones, as a proof',
    opened([await prove(plain, { password })]) > 0 && 'is taken',
  );
  const { person: first, uri } = await personWithFactor(target);
  const step = await target.signIn(first.email);
  const text = oneTimeCode(uri, now() + 30_000);
  const { cookies } = await twoFactor(target, step.cookies, text);
  const person = { ...first, cookie: cookies };
  await age(target, person);
  for (const [what, code] of [
    ['the code of the sign-in', { kind: 'app', text }],
    ['a wrong code', { kind: 'app', text: text === '000000' ? '000001' : '000000' }],
    ['no code', undefined],
  ] as const)
    note(
      `${what}, as a proof`,
      opened([await prove(person, { password, code })]) > 0 && 'is taken',
    );
}

/** Makes every session of a person an hour old, with nothing proven since. */
async function age(target: Target, { email }: Caller): Promise<void> {
  const { pool } = target.database;
  const { rows } = await pool.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = 'account_sessions'::regclass and attnum > 0
     and not attisdropped and attname ~ '^(created_at|opened_at|proven|proved|proof)'`,
  );
  const changes = rows.map(({ name }) => `${name} = ${name} - interval '1 hour'`).join(', ');
  await pool.query(
    `update account_sessions set ${changes} where account_id = (select id from accounts where email = $1)`,
    [email],
  );
}

/** A technician who has not set a second factor up. */
async function freshTechnician(target: Target): Promise<Caller> {
  const email = 'new-technician@vendor.example';
  await target.database.pool.query(
    `with added as (insert into accounts (name, email, role) values ('Tim Tech', $1, 'technician') returning id)
     insert into account_credentials (account_id, provider_id, provider_account_id, password)
     select id, 'credential', id::text, (select password from account_credentials where provider_id = 'credential' limit 1)
     from added`,
    [email],
  );
  const { cookies } = await target.signIn(email);
  return { ...target.caller('technician'), kind: 'new technician', email, cookie: cookies };
}
