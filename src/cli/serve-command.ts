/** `daybreak serve`, `daybreak account` and `daybreak demo`. */
import { Command, InvalidArgumentError } from 'commander';
import { Role } from '../contract/endpoint.ts';

const portOption = ['--port <port>', 'port to answer on; 0: any that is free', parsePort] as const;

export function serveCommand(): Command {
  return new Command('serve')
    .summary('serve the web app and its API')
    .option(...portOption, 4000)
    .option('--host <address>', 'address to listen at', '127.0.0.1')
    .action(async (options) => {
      const { serve } = await import('./serve.ts');
      await serve(options);
    });
}

export function accountCommand(): Command {
  const command = new Command('account').summary('accounts of the people who sign in');
  command.addCommand(
    new Command('add')
      .summary('add an account')
      .description('Adds an account. Give its password, 12 characters or more, on standard input.')
      .requiredOption('--email <address>', "the person's e-mail address")
      .requiredOption('--name <name>', "the person's name")
      .option('--district <domain>', 'the district of the person; none for technicians')
      .option('--role <role>', Role.options.join(', '), parseRole, 'administrator')
      .action(async (options) => {
        const { addAccount } = await import('./serve.ts');
        await addAccount(options);
      }),
  );
  return command;
}

export function demoCommand(): Command {
  return new Command('demo')
    .summary('a practice district from Skyward to the web app, in one command')
    .description(
      'Starts PostgreSQL, a practice Skyward with invented people, imports the district, and serves the web app until Ctrl-C.',
    )
    .option(...portOption, 4000)
    .option('--students <number>', 'size of the practice district', parseStudents, 5000)
    .action(async (options) => {
      const { runDemo } = await import('./demo.ts');
      await runDemo(options);
    });
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

function parseStudents(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text) && Number(text) <= 1_000_000) return Number(text);
  throw new InvalidArgumentError('Give a number of students from 1 to 1000000.');
}

function parseRole(text: string): Role {
  const role = Role.safeParse(text);
  if (role.success) return role.data;
  throw new InvalidArgumentError(`A role is one of ${Role.options.join(', ')}.`);
}
