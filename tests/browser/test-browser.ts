/** The browser of a test worker, started once and shared by its test files. */
import type { Browser } from 'playwright-core';
import { inject } from 'vitest';

import { launchBrowser, type OpenBrowser, type UnpackedBrowser } from './browser.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Unpacked for this run (`browser-setup.ts`). */
    readonly browser: UnpackedBrowser;
  }
}

/** Shared, since starting takes a second of processor time. It ends with its worker. */
let launched: Promise<Browser> | undefined;

/** Returns the worker's browser; `close` closes the contexts that a test file has left open. */
export async function testBrowser(): Promise<OpenBrowser> {
  const running = await launched?.catch(() => undefined);
  if (running?.isConnected() !== true) launched = undefined;
  const browser = await (launched ??= launchBrowser(inject('browser')));
  return {
    browser,
    close: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
  };
}
