/** `daybreak serve`, `daybreak web`, `daybreak worker`, `daybreak account` and `daybreak demo`. */
import { Command, InvalidArgumentError } from 'commander';
import { Role } from '../contract/endpoint.ts';

const portOption = ['--port <port>', 'port to answer on; 0: any that is free', parsePort] as const;

const hostOption = ['--host <address>', 'address to listen at', '127.0.0.1'] as const;

export function serveCommand(): Command {
  return new Command('serve')
    .summary('all in one process: the web app, its API and the nights')
    .option(...portOption, 4000)
    .option(...hostOption)
    .action(async (options) => {
      const { serve } = await import('./serve.ts');
      await serve({ ...options, runsImports: true });
    });
}

export function webCommand(): Command {
  return new Command('web')
    .summary('serve the web app and its API; `worker` runs the nights')
    .option(...portOption, 4000)
    .option(...hostOption)
    .action(async (options) => {
      const { serve } = await import('./serve.ts');
      await serve({ ...options, runsImports: false });
    });
}

export function workerCommand(): Command {
  return new Command('worker')
    .summary('run the nights; any number of workers on any number of machines')
    .description(
      'Takes imports out of the queue and runs them, begins each night as its time comes, and mails what has to be told. Asked to end, it takes nothing new and hands over what it has.',
    )
    .option('--concurrency <number>', 'imports of this process at the same time', parseCount, 2)
    .option(
      '--per-host <number>',
      'imports that call one Skyward server at the same time, over all workers (default: 4)',
      parseCount,
    )
    .action(async (options: { concurrency: number; perHost?: number }) => {
      const { runWorker } = await import('./serve.ts');
      await runWorker({ concurrency: options.concurrency, perHost: options.perHost });
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
  command.addCommand(
    new Command('two-factor-off')
      .summary("turn somebody's second factor off")
      .description(
        'Turns the second factor of somebody off who lost the phone and the backup codes, and ends their sessions. Administrators do the same on People; technicians need this command, and set up a new one at the next sign-in.',
      )
      .requiredOption('--email <address>', "the person's e-mail address")
      .action(async (options) => {
        const { turnTwoFactorOff } = await import('./serve.ts');
        await turnTwoFactorOff(options.email);
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

function parseCount(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number from 1 to 99.');
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
