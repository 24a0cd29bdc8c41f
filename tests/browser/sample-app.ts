/** The whole app over the sample district, and a browser signed in as any of its users. */
import pino from 'pino';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

import type { Role } from '../../src/contract/endpoint.ts';
import { startServer } from '../../src/api/server/server.ts';
import { buildWeb } from '../../src/api/server/web-build.ts';
import type { Database } from '../../src/database/database.ts';
import {
  fillSampleHistory,
  type SampleHistory,
  samplePassword,
  samplePeople,
} from '../builders/sample-history.ts';
import { sampleNow } from '../builders/sample-district.ts';
import { type OpenBrowser, openBrowser } from './browser.ts';
import type { Screen } from './screens.ts';
import { type BackupCodes, signIn } from './sign-in.ts';

export interface SampleApp {
  readonly url: string;
  readonly sample: SampleHistory;
  readonly browser: Browser;
  /** Opens a browser context signed in as this role's user, or not signed in without a role. */
  signedIn(role: Role | undefined, options?: BrowserContextOptions): Promise<BrowserContext>;
  close(): Promise<void>;
}

/** Starts the app at `sampleNow`, with a new browser or that of a test run; `close` ends all except the database. */
export async function openSampleApp(
  database: Database,
  openWith: () => Promise<OpenBrowser> = openBrowser,
): Promise<SampleApp> {
  await using cleanUp = new AsyncDisposableStack();
  const sample = await fillSampleHistory(database);
  const [webFolder, chromium] = await Promise.all([buildWeb(), openWith()]);
  cleanUp.defer(() => chromium.close());
  const { browser } = chromium;
  const server = await startServer({
    database,
    accounts: sample.accounts,
    log: pino({ level: 'silent' }),
    webFolder,
    port: 0,
    now: () => sampleNow,
  });
  cleanUp.defer(() => server.close());
  const ends = cleanUp.move();
  const backupCodes: BackupCodes = new Map();
  return {
    url: server.url,
    sample,
    browser,
    signedIn: async (role, options = {}) => {
      const context = await browser.newContext({
        baseURL: server.url,
        reducedMotion: 'reduce',
        ...options,
      });
      await context.clock.setFixedTime(sampleNow.epochMilliseconds);
      if (role === undefined) return context;
      const { email } = samplePeople[role];
      await signIn(context, server.url, { email, password: samplePassword }, backupCodes);
      return context;
    },
    close: () => ends.disposeAsync(),
  };
}

/** Opens a screen and waits until its text is shown and all parts are loaded. */
export async function visit(page: Page, screen: Screen, sample: SampleHistory): Promise<void> {
  await page.goto(screen.address(sample));
  await page.getByRole('heading', { level: 1, name: screen.heading }).waitFor();
  await page.getByText(screen.shows).filter({ visible: true }).first().waitFor();
  await waitUntilLoaded(page);
}

/** Waits until all parts of the page are loaded. */
export async function waitUntilLoaded(page: Page): Promise<void> {
  const placeholders = '[aria-busy=true], .mantine-Skeleton-root, .mantine-Loader-root';
  await page.locator(placeholders).first().waitFor({ state: 'detached' });
  const notice = page.getByText('Loading …').filter({ visible: true });
  await notice.first().waitFor({ state: 'detached' });
}
