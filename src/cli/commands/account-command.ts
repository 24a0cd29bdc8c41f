/**
 * `daybreak account`: accounts of users.
 *
 * This folder has the commands of `daybreak`.
 */
import { Command, InvalidArgumentError } from 'commander';

import { Role } from '../../contract/endpoint.ts';

export function accountCommand(): Command {
  const command = new Command('account').summary('add and repair user accounts');
  command.addCommand(
    new Command('add')
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
    new Command('two-factor-off')
      .summary("turn off a user's two-step verification")
      .description(
        'Turns off two-step verification for a user who lost both the phone and the backup codes, and ends their sessions. Administrators can do this on the Users page; technicians need this command, and set up two-step verification again at the next sign-in.',
      )
      .requiredOption('--email <address>', "the user's e-mail address")
      .action(async (options) => {
        const { disableTwoFactor } = await import('./account.ts');
        await disableTwoFactor(options.email);
      }),
  );
  return command;
}

function parseRole(text: string): Role {
  const role = Role.safeParse(text);
  if (role.success) return role.data;
  throw new InvalidArgumentError(`A role is one of ${Role.options.join(', ')}.`);
}
