/** Starts the web app and its API for a command. */
import pino from 'pino';
import { createAccounts, type Accounts } from '../accounts/accounts.ts';
import { startServer, type RunningServer } from '../api/server.ts';
import { buildWeb } from '../api/web-build.ts';
import type { CommandContext } from './command-context.ts';
import { readSessionSecret, SettingFault } from './settings.ts';

export interface WebServer {
  readonly server: RunningServer;
  readonly accounts: Accounts;
}

/** Builds the app when its sources changed and serves it. Throws `SettingFault` when the port is taken. */
export async function startWebServer(
  { database, settings }: Pick<CommandContext, 'database' | 'settings'>,
  options: { readonly host?: string | undefined; readonly port: number },
): Promise<WebServer> {
  const log = pino({ level: process.env['DAYBREAK_LOG_LEVEL'] ?? 'warn' }, pino.destination(2));
  const secret = await readSessionSecret(settings, process.env);
  const publicUrl = settings.publicUrl;
  const accounts = createAccounts({ database, secret, publicUrl, log });
  const webFolder = await buildWeb();
  try {
    const server = await startServer({ database, accounts, log, publicUrl, webFolder, ...options });
    return { server, accounts };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new SettingFault(
        `Port ${options.port} is in use by another program.`,
        'Choose another one with --port, or 0 for any that is free.',
      );
    }
    throw error;
  }
}

/** Resolves when the person or the system asks the process to end. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    // The listener alone does not keep the process alive; a server that listens does.
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
