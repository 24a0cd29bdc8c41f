/** The work of `daybreak doctor`: checks that imports can run, and prints the result and advice of each check. */
import { statfs } from 'node:fs/promises';
import type pg from 'pg';
import { twoFactorKeys, resealTwoFactors } from '../../accounts/sign-in/two-factor.ts';
import { openDatabase, type Database } from '../../database/database.ts';
import { isSecurityUnforced } from '../../database/forced-security.ts';
import { webLoginName } from '../../database/web-login.ts';
import { getConnection, listDistricts, type District } from '../../districts/district.ts';
import type { SealingKey } from '../../districts/sealed-secret.ts';
import { checkMailServer } from '../../mail/mail-check.ts';
import { createConnectionCheck } from '../../qmlativ/connection-check.ts';
import { print, printMessage } from '../command-context.ts';
import { readSealingKey, readSessionSecret, readSettings, type Settings } from '../settings.ts';

/** The result of a check. */
interface Finding {
  readonly check: string;
  readonly result: 'ok' | 'warning' | 'error';
  readonly message: string;
  /** What to do; empty when there is nothing to do. */
  readonly advice: string;
}

interface DoctorOptions {
  readonly district?: string;
  readonly json: boolean;
}

export async function doctor(options: DoctorOptions): Promise<void> {
  let hasError = false;
  for await (const finding of runChecks(options)) {
    hasError ||= finding.result === 'error';
    print(options.json ? JSON.stringify(finding) : formatFinding(finding));
  }
  if (hasError) process.exitCode = 1;
}

const resultLabels = { ok: 'ok     ', warning: 'warning', error: 'ERROR  ' };

const formatFinding = ({ check, result, message, advice }: Finding) =>
  `${resultLabels[result]}  ${check}: ${message}${advice === '' ? '' : `\n         ${advice}`}`;

const ok = (check: string, message: string): Finding => ({
  check,
  result: 'ok',
  message,
  advice: '',
});

/** Runs `work`; an error it throws becomes the finding. */
async function attempt<Value>(
  check: string,
  advice: string,
  work: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly finding: Finding }> {
  try {
    return { value: await work() };
  } catch (error) {
    const message =
      error instanceof Error ? error.message : 'The check failed for an unknown reason.';
    const specificAdvice =
      error instanceof Error && 'advice' in error ? String(error.advice) : advice;
    return { finding: { check, result: 'error', message, advice: specificAdvice } };
  }
}

async function* runChecks(options: DoctorOptions): AsyncGenerator<Finding> {
  const read = await attempt('settings', 'Correct the setting; see docs/settings.md.', async () =>
    readSettings(process.env),
  );
  if ('finding' in read) {
    yield read.finding;
    return;
  }
  const settings = read.value;
  yield settings.publicUrl === undefined
    ? {
        check: 'settings',
        result: 'warning',
        message:
          'The settings are valid, but DAYBREAK_PUBLIC_URL is not set: links in mails point to this machine.',
        advice: 'Set it to the address users type, such as https://iep.example.org.',
      }
    : ok('settings', 'The settings are valid.');
  yield checkProxies(settings);
  const key = await attempt('sealing key', 'Set DAYBREAK_SEALING_KEY; see docs/settings.md.', () =>
    readSealingKey(settings, process.env),
  );
  yield 'finding' in key
    ? key.finding
    : ok('sealing key', 'The key is readable. Keep a copy elsewhere.');
  yield await checkDisk(settings);
  yield await checkMail(settings);
  yield* checkDatabase(settings, 'value' in key ? key.value : undefined, options.district);
}

/** A public address usually means a reverse proxy. Unless it is trusted, all users share its address. */
function checkProxies({ publicUrl, trustedProxies }: Settings): Finding {
  const check = 'proxies';
  if (trustedProxies !== undefined) return ok(check, 'DAYBREAK_TRUSTED_PROXIES is set.');
  if (publicUrl === undefined) return ok(check, 'There is no proxy.');
  return {
    check,
    result: 'warning',
    message:
      'DAYBREAK_PUBLIC_URL is set but DAYBREAK_TRUSTED_PROXIES is not: behind a proxy all users share one address, so one user who guesses passwords locks everyone out, and the audit trail cannot tell users apart.',
    advice:
      'Set DAYBREAK_TRUSTED_PROXIES to the addresses of your proxies; see "Behind a proxy" in docs/operations.md.',
  };
}

const minFreeBytes = 2 * 1024 ** 3;
const criticalFreeBytes = 200 * 1024 ** 2;

async function checkDisk({ dataDirectory }: Settings): Promise<Finding> {
  const found = await attempt(
    'disk',
    'Create the folder, or set DAYBREAK_DATA to another one.',
    () => statfs(dataDirectory),
  );
  if ('finding' in found) return found.finding;
  const free = found.value.bavail * found.value.bsize;
  const message = `${(free / 1024 ** 3).toFixed(1)} GB free in ${dataDirectory}.`;
  if (free >= minFreeBytes) return ok('disk', message);
  return {
    check: 'disk',
    result: free < criticalFreeBytes ? 'error' : 'warning',
    message,
    advice: 'Free some space: an import needs about three times the size of the lists it reads.',
  };
}

async function checkMail({ mail }: Settings): Promise<Finding> {
  if (mail === undefined)
    return {
      check: 'mail',
      result: 'warning',
      message:
        'No mail is sent: no invitations, no password reset links, no notices of failed imports.',
      advice: 'Set DAYBREAK_SMTP_URL and DAYBREAK_MAIL_FROM.',
    };
  const found = await attempt(
    'mail',
    'Check that host, port, user and password in DAYBREAK_SMTP_URL are what the mail server requires.',
    () => checkMailServer(mail),
  );
  return 'finding' in found
    ? found.finding
    : ok('mail', `${mail.host} accepts mail; none was sent.`);
}

async function* checkDatabase(
  settings: Settings,
  key: SealingKey | undefined,
  domain: string | undefined,
): AsyncGenerator<Finding> {
  const opened = await attempt('database', 'Start the server, or correct DATABASE_URL.', () =>
    openDatabase({
      url: settings.databaseUrl,
      webPassword: settings.databaseWebPassword,
      dataDirectory: settings.dataDirectory,
      onProgress: printMessage,
    }),
  );
  if ('finding' in opened) {
    yield opened.finding;
    return;
  }
  const database = opened.value;
  try {
    yield await describeDatabase(database.pool);
    yield await checkRoles(database);
    yield await checkClock(database.pool);
    if (key !== undefined) yield await checkTwoFactors(database.pool, settings, key);
    const districts = await listDistricts(database.pool);
    const selected = districts.filter((one) => domain === undefined || one.domain === domain);
    if (selected.length === 0)
      yield {
        check: 'districts',
        result: domain === undefined ? 'warning' : 'error',
        message:
          domain === undefined ? 'There are no districts yet.' : `There is no district ${domain}.`,
        advice: 'Add one with `daybreak district add`.',
      };
    for (const district of selected) {
      yield await checkConnection(database.pool, district, key, settings.vendor);
    }
  } finally {
    await database.close();
  }
}

async function describeDatabase(pool: pg.Pool): Promise<Finding> {
  const { rows } = await pool.query<{ version: string; size: string; migrations: number }>(
    `select current_setting('server_version') as version,
       pg_size_pretty(pg_database_size(current_database())) as size,
       (select count(*)::integer from schema_migrations) as migrations`,
  );
  const { version = '', size = '', migrations = 0 } = rows[0] ?? {};
  return ok('database', `PostgreSQL ${version}, ${size}, schema ${migrations}.`);
}

/** Checks that the web signs in as its own role and that the owner of the tables is no superuser. */
async function checkRoles({ pool, web }: Database): Promise<Finding> {
  const check = 'database roles';
  const signedIn = await attempt(
    check,
    `Let an administrator of the server run: alter role ${webLoginName} login password '…', with the password in DATABASE_WEB_PASSWORD. The web does this itself at its next start if the user in DATABASE_URL is allowed to.`,
    async () => web.health.query<{ name: string }>('select current_user as name'),
  );
  if ('finding' in signedIn) return signedIn.finding;
  const error = (message: string, advice: string): Finding => ({
    check,
    result: 'error',
    message,
    advice,
  });
  const { rows } = await pool.query<{ owner: string; isSuperuser: boolean }>(
    `select rolname as owner, rolsuper as "isSuperuser" from pg_roles where rolname = current_user`,
  );
  const { owner = '', isSuperuser = false } = rows[0] ?? {};
  if (signedIn.value.rows[0]?.name !== webLoginName)
    return error(
      `The web signs in as ${owner}, which owns the tables: a vulnerability in the web would expose all data.`,
      'Set DATABASE_WEB_PASSWORD to a password for the role of the web (docs/operations.md, Roles in PostgreSQL).',
    );
  if (isSuperuser)
    return error(
      `Migrations and imports sign in as ${owner}, a superuser of the server.`,
      'Make a role that is no superuser the owner of the database (docs/operations.md, Roles in PostgreSQL).',
    );
  if (await isSecurityUnforced(pool))
    return error(
      'Row-level security does not apply to the owner of the tables.',
      `Let an administrator of the server run: grant daybreak_web to ${owner} with inherit false, set true; then run any command again.`,
    );
  return ok(check, `The web signs in as ${webLoginName}, which owns nothing.`);
}

/** With a larger difference, imports start at the wrong time and tokens expire early. */
const clockToleranceSeconds = 5;

async function checkClock(pool: pg.Pool): Promise<Finding> {
  const before = Temporal.Now.instant().epochMilliseconds;
  const { rows } = await pool.query<{ now: number }>(
    'select extract(epoch from clock_timestamp())::double precision as now',
  );
  const here = (before + Temporal.Now.instant().epochMilliseconds) / 2000;
  const apart = Math.abs((rows[0]?.now ?? here) - here);
  const zone = Temporal.Now.zonedDateTimeISO().toString({ smallestUnit: 'second' });
  if (apart <= clockToleranceSeconds) return ok('clock', `${zone}; the database agrees.`);
  return {
    check: 'clock',
    result: 'error',
    message: `This machine and the database are ${Math.round(apart)} seconds apart; here it is ${zone}.`,
    advice: 'Synchronize the clocks of both machines by NTP.',
  };
}

/** Checks that users with two-step verification can sign in with the current keys. */
async function checkTwoFactors(
  pool: pg.Pool,
  settings: Settings,
  key: SealingKey,
): Promise<Finding> {
  const check = 'two-step verification';
  const secret = await readSessionSecret(settings, process.env);
  const found = await resealTwoFactors(pool, twoFactorKeys(secret, key), true);
  if (found.unreadableResponse > 0) {
    return {
      check,
      result: 'error',
      message: `None of the keys opens the secrets of ${found.unreadableResponse} users, who therefore cannot sign in.`,
      advice:
        'Add the key that sealed them to DAYBREAK_FORMER_SEALING_KEYS, then run `daybreak reseal`. If the key is lost, an administrator has to turn off their two-step verification; for technicians run `daybreak account two-factor-off`.',
    };
  }
  if (found.resealed === 0) {
    return ok(
      check,
      'All secrets open with the sealing key. Changing the session secret only ends sessions.',
    );
  }
  return {
    check,
    result: 'warning',
    message: `The secrets of ${found.resealed} users are sealed with a former key or the session secret.`,
    advice: 'Run `daybreak reseal` before you change the session secret or remove the former key.',
  };
}

async function checkConnection(
  pool: pg.Pool,
  district: District,
  key: SealingKey | undefined,
  vendor: Settings['vendor'],
): Promise<Finding> {
  const check = `connection of ${district.domain}`;
  if (key === undefined)
    return {
      check,
      result: 'error',
      message: 'The secret cannot be opened without the sealing key.',
      advice: 'Fix the sealing key first.',
    };
  const found = await attempt(
    check,
    'Try again; if it fails again, send this message to support.',
    async () => createConnectionCheck(vendor)(await getConnection(pool, district, key)),
  );
  if ('finding' in found) return found.finding;
  if (found.value.kind === 'problem') {
    const { message, advice } = found.value;
    return { check, result: 'error', message, advice };
  }
  const { summary, problems } = found.value;
  if (problems.length === 0) return ok(check, summary);
  return {
    check,
    result: 'error',
    message: `${summary} ${problems.join(' ')}`,
    advice: `Ask Skyward or the vendor to approve what is missing; for details run daybreak probe --district ${district.domain}.`,
  };
}
