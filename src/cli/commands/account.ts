/** The work of `daybreak account`. */
import pino from 'pino';
import { createAccounts } from '../../accounts/accounts.ts';
import { recordAudit } from '../../accounts/audit/audit-trail.ts';
import { findAccountByEmail } from '../../accounts/users/user.ts';
import type { Role } from '../../contract/endpoint.ts';
import { getDistrict } from '../../districts/district.ts';
import { print, printMessage, readStandardInput, withCommandContext } from '../command-context.ts';
import { readSessionSecret, SettingError } from '../settings.ts';

/** Adds an account. Reads its password from standard input. */
export async function addAccount(options: {
  readonly email: string;
  readonly name: string;
  readonly district: string | undefined;
  readonly role: Role;
}): Promise<void> {
  await withCommandContext(async ({ database, settings }) => {
    const district =
      options.district === undefined
        ? undefined
        : await getDistrict(database.pool, options.district);
    const secret = await readSessionSecret(settings, process.env);
    const log = pino({ level: 'warn' }, pino.destination(2));
    // Commands work as the owner of the database, not in the role of the web.
    const accounts = createAccounts({
      database: { web: database },
      secret,
      publicUrl: settings.publicUrl,
      log,
    });
    if (process.stdin.isTTY) printMessage('Type the password and end with Ctrl-D:');
    const outcome = await accounts.createAccount({
      email: options.email,
      name: options.name,
      districtId: district?.id ?? null,
      role: options.role,
      password: await readStandardInput(),
    });
    switch (outcome.kind) {
      case 'created':
        print(
          `${options.email} can sign in to ${district?.name ?? 'every district'} as ${options.role}.`,
        );
        if (options.role === 'technician') {
          printMessage('Technicians need two-step verification; the first sign-in sets it up.');
        }
        return;
      case 'email-taken':
        throw new SettingError(
          `An account for ${options.email} already exists.`,
          'Each e-mail address can have one account; use another address.',
        );
      case 'invalid':
        throw new SettingError(
          `The ${outcome.field} ${outcome.message}.`,
          'Correct it and try again; nothing was stored.',
        );
    }
  });
}

/** Turns off two-step verification for a user who lost both phone and backup codes. */
export async function disableTwoFactor(email: string): Promise<void> {
  await withCommandContext(async ({ database, settings }) => {
    const account = await findAccountByEmail(database.pool, email);
    if (account === undefined) {
      throw new SettingError(
        `There is no account for ${email}.`,
        'Check the address: it is the one the user signs in with.',
      );
    }
    const secret = await readSessionSecret(settings, process.env);
    const log = pino({ level: 'warn' }, pino.destination(2));
    const { own } = createAccounts({ database, secret, publicUrl: settings.publicUrl, log });
    const { user: person } = account;
    await own.disableTwoFactor(person);
    await own.endAllSessions(person);
    await recordAudit(database.pool, {
      districtId: person.districtId ?? 0,
      user: undefined,
      action: 'user-two-factor-off',
      detail: { email: person.email },
    });
    print(`Two-step verification for ${person.email} is off, and their sessions have ended.`);
  });
}
