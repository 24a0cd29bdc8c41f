/** Attacks on two-factor sign-in: codes that are reused or guessed, and requests that bypass it. */
import { oneTimeCode } from '../../../tests/builders/one-time-code.ts';
import { type Family, sendUntilAllowed } from '../attack.ts';
import { type HttpResponse, findErrorCode } from '../target/http-client.ts';
import { createRequest } from '../target/operations.ts';
import { type Caller, districtPath, getDomain, password } from '../target/callers.ts';
import { randomAddress, setUpTwoFactor, type Target } from '../target/target.ts';

export const twoFactorFamily: Family = {
  name: 'two-factor sign-in',
  isQuick: true,
  async attack(target, attempts) {
    const record = attempts.record.bind(attempts);
    await attackCodes(target, record);
    await attackBackupCodes(target, record);
    if (!attempts.isQuick) await attackGuesses(target, record);
    await attackRules(target, record);
    await attackProof(target, record);
  },
};

/** Operations that need recent authentication: they change access, show a secret, or send records to other systems. */
const reauthenticatedOperations = new Set([
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

type RecordAttempt = (attack: string, finding: string | false) => void;
type Kind = 'app' | 'backup';

const sendCode = async (target: Target, cookie: string, code: string, kind: Kind = 'app') =>
  target.send(undefined, {
    method: 'POST',
    path: '/api/session/two-factor',
    cookie,
    clientAddress: randomAddress(),
    body: { code, kind, trustDevice: false },
  });

async function createTwoFactorUser(target: Target) {
  const user = await target.createUser('administrator', 'b');
  return { user, ...(await setUpTwoFactor(target.send, user.cookie ?? '')) };
}

const now = () => Temporal.Now.instant().epochMilliseconds;
const countSuccesses = (responses: readonly HttpResponse[]) =>
  responses.filter(({ status }) => status === 200).length;

async function attackCodes(target: Target, record: RecordAttempt): Promise<void> {
  const { user, uri } = await createTwoFactorUser(target);
  // The next code, since the current one was just used to confirm the app.
  const code = oneTimeCode(uri, now() + 30_000);
  const steps = await Promise.all(Array.from({ length: 4 }, () => target.signIn(user.email)));
  for (const step of steps) {
    const session = await target.send(undefined, { path: '/api/session', cookie: step.cookies });
    record('a session after the password alone', session.status === 200 && 'is open');
  }
  const [one, two, three, four] = steps.map(({ cookies }) => cookies);
  const simultaneous = await Promise.all(
    [one, two].map((cookie) => sendCode(target, cookie ?? '', code)),
  );
  record(
    'a code used twice at the same time',
    countSuccesses(simultaneous) > 1 && 'signs in twice',
  );
  record('a code', countSuccesses(simultaneous) === 0 && 'is rejected, so nothing was tested');
  record(
    'a code that was used',
    countSuccesses([await sendCode(target, three ?? '', code)]) > 0 && 'signs in again',
  );
  const earlier = oneTimeCode(uri, now());
  record(
    'an earlier code',
    countSuccesses([await sendCode(target, four ?? '', earlier)]) > 0 && 'signs in',
  );
}

async function attackBackupCodes(target: Target, record: RecordAttempt): Promise<void> {
  const { user, backupCodes } = await createTwoFactorUser(target);
  const code = backupCodes[0] ?? '';
  const steps = await Promise.all(Array.from({ length: 5 }, () => target.signIn(user.email)));
  const simultaneous = await Promise.all(
    steps.map(({ cookies }) => sendCode(target, cookies, code, 'backup')),
  );
  record(
    'a backup code five times at once',
    countSuccesses(simultaneous) !== 1 && `signs in ${countSuccesses(simultaneous)} times`,
  );
  const later = await target.signIn(user.email);
  record(
    'a backup code that was used',
    countSuccesses([await sendCode(target, later.cookies, code, 'backup')]) > 0 && 'signs in',
  );
}

async function attackGuesses(target: Target, record: RecordAttempt): Promise<void> {
  const { user, uri, backupCodes } = await createTwoFactorUser(target);
  const correctCode = oneTimeCode(uri, now() + 30_000);
  const wrongCode = correctCode === '000000' ? '000001' : '000000';
  const { cookies } = await target.signIn(user.email);
  for (let guess = 0; guess < 6; guess++) await sendCode(target, cookies, wrongCode);
  record(
    'the right code after six wrong ones',
    countSuccesses([await sendCode(target, cookies, correctCode)]) > 0 && 'signs in',
  );
  for (let step = 0; step < 4; step++) {
    const nextSignIn = await target.signIn(user.email);
    for (let guess = 0; guess < 5; guess++) await sendCode(target, nextSignIn.cookies, wrongCode);
  }
  const last = await target.signIn(user.email);
  const responses = [
    await sendCode(target, last.cookies, correctCode),
    await sendCode(target, last.cookies, backupCodes[1] ?? '', 'backup'),
  ];
  record(
    'the right code after 26 wrong ones from new addresses',
    countSuccesses(responses) > 0 && 'signs in',
  );
}

async function attackRules(target: Target, record: RecordAttempt): Promise<void> {
  const { user: first, backupCodes } = await createTwoFactorUser(target);
  const step = await target.signIn(first.email);
  const { cookies } = await sendCode(target, step.cookies, backupCodes[1] ?? '', 'backup');
  const user = { ...first, cookie: cookies };
  // As if the session had been opened some time ago.
  await ageSessions(target, user);
  for (const operation of target.operations.filter(({ id }) => reauthenticatedOperations.has(id))) {
    const response = await sendUntilAllowed(() =>
      target.send(user, createRequest(operation, { domain: getDomain('b') })),
    );
    record(
      `${operation.method} ${operation.path} in an old session`,
      findErrorCode(response) !== 'reauthentication-required' &&
        `got ${response.status} ${findErrorCode(response)}`,
    );
  }
  const technician = await createTechnician(target);
  for (const path of [
    '/api/districts',
    `${districtPath('a')}/students`,
    '/api/audit',
    '/api/support/requests',
  ]) {
    const response = await target.send(technician, { path });
    record(
      `a technician without two-factor sign-in, GET ${path}`,
      response.status < 400 && `got ${response.status}`,
    );
  }
}

/** Reauthentication must not allow guessing passwords or reusing codes. */
async function attackProof(target: Target, record: RecordAttempt): Promise<void> {
  const reauthenticate = async (user: Caller, body: object) =>
    target.send(user, {
      method: 'POST',
      path: '/api/session/reauthentication',
      clientAddress: randomAddress(),
      body,
    });
  const plain = await target.createUser('administrator', 'b');
  await ageSessions(target, plain);
  for (let guess = 0; guess < 12; guess++)
    await reauthenticate(plain, { password: `wrong, surely ${guess}` });
  record(
    'the right password after twelve wrong ones, to reauthenticate',
    countSuccesses([await reauthenticate(plain, { password })]) > 0 && 'is accepted',
  );
  const { user: first, uri } = await createTwoFactorUser(target);
  const step = await target.signIn(first.email);
  const text = oneTimeCode(uri, now() + 30_000);
  const { cookies } = await sendCode(target, step.cookies, text);
  const user = { ...first, cookie: cookies };
  await ageSessions(target, user);
  for (const [what, code] of [
    ['the code of the sign-in', { kind: 'app', text }],
    ['a wrong code', { kind: 'app', text: text === '000000' ? '000001' : '000000' }],
    ['no code', undefined],
  ] as const)
    record(
      `${what}, to reauthenticate`,
      countSuccesses([await reauthenticate(user, { password, code })]) > 0 && 'is accepted',
    );
}

/** Makes every session of a user an hour old, without reauthentication since. */
async function ageSessions(target: Target, { email }: Caller): Promise<void> {
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

/** Creates a technician who has not set up two-factor sign-in. */
async function createTechnician(target: Target): Promise<Caller> {
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
