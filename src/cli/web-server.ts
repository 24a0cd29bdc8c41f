/** Starts the web app and its API for a command, with or without background work. */
import pino from 'pino';
import { createAccounts, type Accounts } from '../accounts/accounts.ts';
import { startServer, type RunningServer } from '../api/server/server.ts';
import { buildWeb } from '../api/server/web-build.ts';
import { prepareWebLogin } from '../database/web-login.ts';
import { openJobQueue } from '../jobs/job-queue.ts';
import { createMailer } from '../mail/mailer.ts';
import { processSupportMail } from '../districts/support-inbox.ts';
import { startSupportMailbox } from '../mail/support-mailbox.ts';
import { createConnectionCheck } from '../qmlativ/connection-check.ts';
import { neededObjects } from '../qmlativ/objects/needed-objects.ts';
import { createPartnerClient } from '../qmlativ/partner-client.ts';
import type { CommandContext } from './command-context.ts';
import { startBackgroundWork } from './background-work.ts';
import { readSealingKey, readSessionSecret, SettingError } from './settings.ts';

/** Imports at the same time in a process that also serves the web app. */
const importConcurrency = 2;

export interface WebServer {
  /** Closing it stops the background work too. */
  readonly server: RunningServer;
  readonly accounts: Accounts;
}

/** Builds the app if its sources have changed, and serves it. Throws `SettingError` when the port is in use. */
export async function startWebServer(
  { database, settings }: Pick<CommandContext, 'database' | 'settings'>,
  options: {
    readonly host?: string | undefined;
    readonly port: number;
    /** False leaves imports and other background work to `daybreak worker`. */
    readonly runsImports: boolean;
    /** Where log lines go; as JSON to standard error by default. */
    readonly logTo?: pino.DestinationStream;
  },
): Promise<WebServer> {
  const log = pino(
    { level: process.env['DAYBREAK_LOG_LEVEL'] ?? 'warn' },
    options.logTo ?? pino.destination(2),
  );
  await prepareWebLogin(database);
  if (settings.databaseUrl !== undefined && settings.databaseWebPassword === undefined) {
    log.warn(
      'The web signs in as the owner of the tables. Set DATABASE_WEB_PASSWORD; daybreak doctor has details.',
    );
  }
  const secret = await readSessionSecret(settings, process.env);
  const publicUrl = settings.publicUrl;
  const sealingKey = await readSealingKey(settings, process.env);
  const { mail, vendor, allowPrivateIssuers, allowPrivateAddresses, allowPrivateWebhooks } =
    settings;
  const mailer = mail && createMailer({ pool: database.web.pool, settings: mail, log });
  const accounts = createAccounts({
    database,
    secret,
    publicUrl,
    log,
    mailer,
    sealingKey,
    allowPrivateIssuers,
  });
  // Earlier versions sealed these secrets with the session secret, which may change.
  const { unreadableResponse: unreadable } = await accounts.resealTwoFactors();
  if (unreadable > 0) {
    log.warn({ part: 'accounts', unreadable }, 'two-step verification secrets that no key opens');
  }
  const webFolder = await buildWeb();
  const background = options.runsImports
    ? await startBackgroundWork(
        {
          database,
          log,
          sealingKey,
          vendor,
          mailer: mail && createMailer({ pool: database.pool, settings: mail, log }),
          publicUrl,
          allowPrivateWebhooks,
        },
        importConcurrency,
      )
    : undefined;
  // The web enqueues imports in its own role, even when this process runs them too.
  const jobs = await openJobQueue({ database, log, wake: background?.jobs.wake });
  const closeWork = async () => {
    await Promise.all([background?.close(), jobs.close()]);
  };
  const partner =
    settings.partner &&
    createPartnerClient({
      ...settings.partner,
      rules: { allowPrivateAddresses },
      userAgent: vendor.userAgent,
    });
  const setup = {
    sealingKey,
    partner,
    neededObjects: neededObjects(),
    allowPrivateAddress: allowPrivateAddresses,
    mailer,
    checkConnection: createConnectionCheck(vendor),
    supportAddress: settings.supportMail?.address,
  };
  try {
    const { imports } = jobs;
    const { metricsToken, trustedProxies } = settings;
    const webhooks = { sealingKey, allowPrivateAddresses: allowPrivateWebhooks };
    const serverOptions = {
      database,
      accounts,
      log,
      publicUrl,
      trustedProxies,
      webFolder,
      imports,
      setup,
      webhooks,
      metricsToken,
    };
    const mailbox = await openMailbox(database, settings, log);
    const server = await startServer({ ...serverOptions, ...options });
    const close = async () => {
      await Promise.all([server.close(), closeWork(), partner?.close(), mailbox?.close()]);
    };
    return { server: { ...server, close }, accounts };
  } catch (error) {
    await closeWork();
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new SettingError(
        `Port ${options.port} is in use by another program.`,
        'Choose another one with --port, or 0 for any that is free.',
      );
    }
    throw error;
  }
}

/** Opens the mailbox of the support address, if it is set up. */
async function openMailbox(
  { web: { pool } }: CommandContext['database'],
  { supportMail }: CommandContext['settings'],
  log: pino.Logger,
) {
  if (supportMail === undefined) return undefined;
  const { address, ...listening } = supportMail;
  return startSupportMailbox({
    ...listening,
    addresses: [address],
    isBehindRelay: false,
    log,
    now: () => Temporal.Now.instant(),
    onMail: async (mail) => {
      await processSupportMail(pool, mail, [address]);
    },
  });
}

/** Resolves when the signal aborts. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    // This listener does not keep the process alive; a listening server does.
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
