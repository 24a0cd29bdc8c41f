/** `daybreak serve`, `daybreak web` and `daybreak worker`. */
import { Command, InvalidArgumentError } from 'commander';

import { portOption } from './port-option.ts';

const hostOption = ['--host <address>', 'address to listen on', '127.0.0.1'] as const;

export function serveCommand(): Command {
  return new Command('serve')
    .summary('run the web app, its API and the imports in one process')
    .option(...portOption, 4000)
    .option(...hostOption)
    .action(async (options) => {
      const { serve } = await import('./serve.ts');
      await serve({ ...options, runsImports: true });
    });
}

export function webCommand(): Command {
  return new Command('web')
    .summary('serve the web app and its API; `daybreak worker` runs the imports')
    .option(...portOption, 4000)
    .option(...hostOption)
    .action(async (options) => {
      const { serve } = await import('./serve.ts');
      await serve({ ...options, runsImports: false });
    });
}

export function workerCommand(): Command {
  return new Command('worker')
    .summary('run imports; any number of workers on any number of machines')
    .description(
      'Runs queued imports, starts nightly imports when they are due, and sends mails and webhooks. When terminated, it takes no more imports, and another worker restarts those it was running.',
    )
    .option('--concurrency <number>', 'imports this process runs at the same time', parseCount, 2)
    .option(
      '--per-host <number>',
      'imports that call one Skyward host at the same time, over all workers (default: 4)',
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
