/** The work of `daybreak account`. */
import type pg from 'pg';
import pino from 'pino';
import { createAccounts, type Accounts } from '../../accounts/accounts.ts';
import { recordAudit } from '../../accounts/audit/audit-trail.ts';
import { findAccountByEmail, type User } from '../../accounts/users/user.ts';
import type { ListedUser } from '../../accounts/users/users.ts';
import { commandLine, type AuditAction } from '../../contract/accounts/audit-actions.ts';
import type { Role } from '../../contract/endpoint.ts';
import { readInDistrict } from '../../database/district-and-school-scope.ts';
import { getDistrict, listDistricts } from '../../districts/district.ts';
import { findSchools } from '../../students/list/facets.ts';
import { print, printMessage, readStandardInput, withCommandContext } from '../command-context.ts';
import { readSessionSecret, SettingError } from '../settings.ts';
import { textTable } from '../text-table.ts';

interface SchoolOptions {
  readonly school?: readonly string[];
  readonly allSchools: boolean;
}

interface AccountContext {
  readonly pool: pg.Pool;
  readonly accounts: Accounts;
}

/** Opens the accounts. Commands work as the owner of the database, not in the role of the web. */
async function withAccounts(work: (context: AccountContext) => Promise<void>): Promise<void> {
  await withCommandContext(async ({ database, settings }) => {
    const accounts = createAccounts({
      database: { web: database },
      secret: await readSessionSecret(settings, process.env),
      publicUrl: settings.publicUrl,
      log: pino({ level: 'warn' }, pino.destination(2)),
    });
    await work({ pool: database.pool, accounts });
  });
}

/** Adds an account. Reads its password from standard input. */
export async function addAccount(
  options: SchoolOptions & {
    readonly email: string;
    readonly name: string;
    readonly district: string | undefined;
    readonly role: Role;
  },
): Promise<void> {
  await withAccounts(async ({ pool, accounts }) => {
    const { email, name, role } = options;
    const district =
      options.district === undefined ? undefined : await getDistrict(pool, options.district);
    const districtId = district?.id ?? null;
    const schools = await selectSchools(pool, { districtId, role }, options);
    const password = await readPassword();
    const outcome = await accounts.createAccount({
      email,
      name,
      districtId,
      role,
      schools: schools ?? undefined,
      password,
    });
    if (outcome.kind === 'email-taken') {
      throw new SettingError(
        `An account for ${email} already exists.`,
        'Each e-mail address can have one account; use another address.',
      );
    }
    if (outcome.kind === 'invalid') throw invalid(outcome.message);
    await recordCommand(pool, districtId, 'user-added', { email, role });
    print(`${email} can sign in to ${district?.name ?? 'every district'} as ${role}.`);
    if (role === 'technician') {
      printMessage('Technicians need two-step verification; the first sign-in sets it up.');
    }
  });
}

/** Lists the accounts of a district, or of all districts and technicians. */
export async function listAccounts(options: {
  readonly district?: string;
  readonly json: boolean;
}): Promise<void> {
  await withAccounts(async ({ pool, accounts }) => {
    const districts =
      options.district === undefined
        ? [undefined, ...(await listDistricts(pool))]
        : [await getDistrict(pool, options.district)];
    const rows: string[][] = [];
    for (const district of districts) {
      const names = district === undefined ? new Map() : await nameSchools(pool, district.id);
      for (const user of await accounts.users.list(district?.id ?? null)) {
        const schools = user.schools?.map((id) => names.get(id) ?? `school ${id}`) ?? null;
        if (options.json) {
          const { name, email, role, hasTwoFactor, isSuspended, lastSignedInAt } = user;
          const account = { name, email, role, schools, hasTwoFactor, isSuspended, lastSignedInAt };
          print(JSON.stringify({ district: district?.domain ?? null, ...account }));
        } else {
          rows.push([
            district?.domain ?? 'every district',
            user.email,
            user.name,
            user.role,
            schools?.join(', ') ?? 'all schools',
            describeSignIn(user, district?.timeZone ?? 'UTC'),
          ]);
        }
      }
    }
    if (options.json) return;
    if (rows.length === 0) printMessage('No accounts. Add one with: daybreak account add');
    else print(textTable([['district', 'e-mail', 'name', 'role', 'schools', 'state'], ...rows]));
  });
}

function describeSignIn(user: ListedUser, timeZone: string): string {
  if (user.isSuspended) return 'suspended';
  const at = user.lastSignedInAt?.toZonedDateTimeISO(timeZone);
  if (at === undefined) return 'never signed in';
  const minute = at.toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
  return `last sign-in ${minute} ${timeZone}`;
}

/** Sets which schools a user sees. */
export async function setAccountSchools(
  options: SchoolOptions & { readonly email: string },
): Promise<void> {
  await withAccounts(async ({ pool, accounts }) => {
    const { districtId, accountId, email, role } = await getAccount(pool, options.email);
    if (districtId === null || role === 'administrator' || role === 'technician') {
      throw new SettingError(
        `${email} is ${role === 'technician' ? 'a technician' : 'an administrator'} and sees all schools.`,
        'Only staff and read-only users can be limited to schools.',
      );
    }
    const schools = await selectSchools(pool, { districtId, role }, options);
    const listed = (await accounts.users.list(districtId)).find(({ id }) => id === accountId);
    const outcome = await accounts.users.change(districtId, accountId, {
      role,
      schools,
      version: listed?.version ?? '',
    });
    if (outcome.kind !== 'done') {
      throw new SettingError(
        `The account of ${email} was just changed.`,
        'Nothing was stored. Run the command again.',
      );
    }
    await recordCommand(pool, districtId, 'user-updated', { email, role });
    print(`${email} sees ${schools === null ? 'all schools' : `${schools.length} schools`} now.`);
  });
}

/** Suspends or reactivates an account. */
export async function suspendAccount(email: string, isSuspended: boolean): Promise<void> {
  await withAccounts(async ({ pool, accounts }) => {
    const user = await getAccount(pool, email);
    const { districtId, accountId } = user;
    const outcome = await accounts.users.setSuspended(districtId, accountId, isSuspended);
    if (outcome.kind === 'last-administrator') {
      throw new SettingError(
        `${user.email} is the last administrator of the district.`,
        'Nothing was changed. Add another administrator first.',
      );
    }
    const action = isSuspended ? 'user-suspended' : 'user-reactivated';
    await recordCommand(pool, districtId, action, { email: user.email });
    print(
      isSuspended
        ? `The account of ${user.email} is suspended, and its sessions have ended.`
        : `${user.email} can sign in again.`,
    );
  });
}

/** Sets a new password, read from standard input. */
export async function resetPassword(email: string): Promise<void> {
  await withAccounts(async ({ pool, accounts }) => {
    const user = await getAccount(pool, email);
    const outcome = await accounts.setPassword(user.accountId, await readPassword());
    if (outcome.kind === 'invalid') throw invalid(outcome.message);
    if (outcome.kind === 'not-possible') {
      throw new SettingError(
        `${user.email} has no password: the user signs in with single sign-on.`,
        'Reset the password at the provider of the district.',
      );
    }
    await recordCommand(pool, user.districtId, 'user-password-reset', { email: user.email });
    print(`${user.email} has a new password, and their sessions have ended.`);
  });
}

/** Turns off two-step verification for a user who lost both phone and backup codes. */
export async function disableTwoFactor(email: string): Promise<void> {
  await withAccounts(async ({ pool, accounts: { own } }) => {
    const user = await getAccount(pool, email);
    await own.disableTwoFactor(user);
    await own.endAllSessions(user);
    await recordCommand(pool, user.districtId, 'user-two-factor-off', { email: user.email });
    print(`Two-step verification for ${user.email} is off, and their sessions have ended.`);
  });
}

async function getAccount(pool: pg.Pool, email: string): Promise<User> {
  const account = await findAccountByEmail(pool, email);
  if (account !== undefined) return account.user;
  throw new SettingError(
    `There is no account for ${email}.`,
    'Check the address: it is the one the user signs in with. `daybreak account list` shows all.',
  );
}

async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) printMessage('Type the password and end with Ctrl-D:');
  return readStandardInput();
}

const invalid = (message: string) =>
  new SettingError(message, 'Correct it and try again; nothing was stored.');

async function recordCommand(
  pool: pg.Pool,
  districtId: number | null,
  action: AuditAction,
  detail: Readonly<Record<string, string>>,
): Promise<void> {
  await recordAudit(pool, {
    districtId: districtId ?? 0,
    user: undefined,
    action,
    detail: { ...detail, by: commandLine },
  });
}

async function nameSchools(pool: pg.Pool, districtId: number): Promise<Map<number, string>> {
  const scope = { districtId, schools: null };
  const schools = await readInDistrict(pool, scope, async (database) => findSchools(database));
  return new Map(schools.map(({ entityId, name }) => [entityId, name]));
}

/** Returns the entities of the named schools; null for all of the district. A choice is required for staff. */
async function selectSchools(
  pool: pg.Pool,
  { districtId, role }: { readonly districtId: number | null; readonly role: Role },
  { school: given = [], allSchools }: SchoolOptions,
): Promise<number[] | null> {
  const isLimited = role === 'staff' || role === 'read-only';
  if (!isLimited || districtId === null) {
    if (given.length === 0) return null;
    throw new SettingError(
      `A user with the role ${role} sees all schools.`,
      'Leave out --school, or choose the role staff or read-only.',
    );
  }
  const known = await nameSchools(pool, districtId);
  const choices = `The schools are: ${[...known.values()].join('; ')}.`;
  if (allSchools === given.length > 0) {
    throw new SettingError(
      'It is not clear which schools the user sees.',
      `Give either --all-schools or --school with one or more names. ${choices}`,
    );
  }
  if (allSchools) return null;
  return given.map((typed) => {
    const found = [...known].filter(
      ([id, name]) => String(id) === typed || name.toLowerCase() === typed.toLowerCase(),
    );
    const [[entityId] = []] = found;
    if (entityId !== undefined && found.length === 1) return entityId;
    throw found.length === 0
      ? new SettingError(`The district has no school named ${typed}.`, choices)
      : new SettingError(
          `The district has ${found.length} schools named ${typed}.`,
          `Give the number of one of them: ${found.map(([id]) => id).join(', ')}.`,
        );
  });
}
