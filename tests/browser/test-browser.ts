/** The one browser of a test run: started once, and every test file connects to it. */
import { type BrowserContext, chromium } from 'playwright-core';
import { inject } from 'vitest';

import type { OpenBrowser } from './browser.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the browser of this run listens (`browser-server.ts`). */
    readonly browserEndpoint: string;
  }
}

/** Connects to it; `close` closes the windows of this test file and leaves the browser running. */
export async function connectBrowser(): Promise<OpenBrowser> {
  const browser = await chromium.connect(inject('browserEndpoint'));
  return { browser, close: () => browser.close() };
}

/** Signs in without the sign-in page, which has tests of its own. */
export async function signIn(
  context: BrowserContext,
  url: string,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<void> {
  const response = await context.request.post(`${url}/api/session`, {
    data: { email, password },
    headers: { origin: url },
  });
  if (!response.ok()) throw new Error(`${email} could not sign in: ${response.status()}`);
}
