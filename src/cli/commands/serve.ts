/** The work of `daybreak serve`, `daybreak web` and `daybreak worker`. */
import pino from 'pino';
import { createMailer } from '../../mail/mailer.ts';
import { startBackgroundWork } from '../background-work.ts';
import { print, printMessage, withCommandContext } from '../command-context.ts';
import { readSealingKey } from '../settings.ts';
import { startWebServer, untilAborted } from '../web-server.ts';

/** Serves the web app until aborted, with or without background work. */
export async function serve(options: {
  readonly host: string;
  readonly port: number;
  readonly runsImports: boolean;
}): Promise<void> {
  await withCommandContext(async (context) => {
    const { server } = await startWebServer(context, options);
    print(server.url);
    printMessage('Press Ctrl-C to stop.');
    await untilAborted(context.signal);
    await server.close();
  });
}

/** Does background work until aborted, without serving the web app. */
export async function runWorker(options: {
  readonly concurrency: number;
  readonly perHost: number | undefined;
}): Promise<void> {
  await withCommandContext(async ({ database, settings, signal }) => {
    const log = pino({ level: process.env['DAYBREAK_LOG_LEVEL'] ?? 'info' }, pino.destination(2));
    const { mail, vendor, publicUrl, allowPrivateWebhooks } = settings;
    const background = await startBackgroundWork(
      {
        database,
        log,
        sealingKey: await readSealingKey(settings, process.env),
        vendor,
        mailer: mail && createMailer({ pool: database.pool, settings: mail, log }),
        publicUrl,
        allowPrivateWebhooks,
      },
      options.concurrency,
      options.perHost,
    );
    print(`Running up to ${options.concurrency} imports at a time.`);
    printMessage('Press Ctrl-C to stop; another worker restarts running imports.');
    // All other timers are unreferenced, so the process would exit.
    const keepAlive = setInterval(() => undefined, 60_000);
    await untilAborted(signal);
    clearInterval(keepAlive);
    await background.close();
  });
}
