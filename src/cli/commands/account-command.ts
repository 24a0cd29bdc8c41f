/**
 * `daybreak account`: accounts of users.
 *
 * This folder has the commands of `daybreak`.
 */
import { Command, InvalidArgumentError } from 'commander';

import { Role } from '../../contract/endpoint.ts';

export function accountCommand(): Command {
  const command = new Command('account').summary('add, list, change and repair user accounts');
  command.addCommand(
    withSchools(new Command('add'))
      .summary('add an account')
      .description('Adds an account. Give its password, 12 characters or more, on standard input.')
      .requiredOption('--email <address>', "the user's e-mail address")
      .requiredOption('--name <name>', "the user's name")
      .option('--district <domain>', "the user's district; none for technicians")
      .option('--role <role>', Role.options.join(', '), parseRole, 'administrator')
      .action(async (options) => {
        const { addAccount } = await import('./account.ts');
        await addAccount(options);
      }),
  );
  command.addCommand(
    new Command('list')
      .summary('list the accounts')
      .option('--district <domain>', 'the district; without it, all districts and technicians')
      .option('--json', 'one line of JSON for each account', false)
      .action(async (options) => {
        const { listAccounts } = await import('./account.ts');
        await listAccounts(options);
      }),
  );
  command.addCommand(
    withSchools(forAccount('schools'))
      .summary('set which schools a user sees')
      .description(
        'Sets which schools a staff or read-only user sees, and ends their sessions. Administrators see all schools.',
      )
      .action(async (options) => {
        const { setAccountSchools } = await import('./account.ts');
        await setAccountSchools(options);
      }),
  );
  command.addCommand(
    forAccount('suspend')
      .summary('suspend an account')
      .description('Suspends an account and ends its sessions. Nothing of it is lost.')
      .action(async (options) => {
        const { suspendAccount } = await import('./account.ts');
        await suspendAccount(options.email, true);
      }),
  );
  command.addCommand(
    forAccount('reactivate')
      .summary('reactivate a suspended or locked account')
      .description('Reactivates a suspended account, and ends a lockout after wrong passwords.')
      .action(async (options) => {
        const { suspendAccount } = await import('./account.ts');
        await suspendAccount(options.email, false);
      }),
  );
  command.addCommand(
    forAccount('reset-password')
      .summary('set a new password')
      .description(
        'Sets a new password and ends all sessions. Give the password, 12 characters or more, on standard input.',
      )
      .action(async (options) => {
        const { resetPassword } = await import('./account.ts');
        await resetPassword(options.email);
      }),
  );
  command.addCommand(
    forAccount('two-factor-off')
      .summary("turn off a user's two-step verification")
      .description(
        'Turns off two-step verification for a user who lost both the phone and the backup codes, and ends their sessions. Administrators can do this on the Users page; technicians need this command, and set up two-step verification again at the next sign-in.',
      )
      .action(async (options) => {
        const { disableTwoFactor } = await import('./account.ts');
        await disableTwoFactor(options.email);
      }),
  );
  return command;
}

/** Creates a command about the account of an e-mail address. */
const forAccount = (name: string) =>
  new Command(name).requiredOption('--email <address>', "the user's e-mail address");

/** Adds the options for the schools of a user. */
const withSchools = (one: Command): Command =>
  one
    .option('--school <names...>', 'names of the schools that a staff or read-only user sees')
    .option('--all-schools', 'the user sees all schools of the district', false);

function parseRole(text: string): Role {
  const role = Role.safeParse(text);
  if (role.success) return role.data;
  throw new InvalidArgumentError(`A role is one of ${Role.options.join(', ')}.`);
}
