/** `daybreak serve`, `daybreak web` and `daybreak worker`. */
import { Command, InvalidArgumentError } from 'commander';

import { portOption } from './port-option.ts';

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

function parseCount(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number from 1 to 99.');
}
