/** Vitest's global setup for browser tests: builds the web app and starts the one browser of the run. */
import type { TestProject } from 'vitest/node';

import { buildWeb } from '../../src/api/web-build.ts';
import { startBrowserServer } from './browser.ts';

/** Starts it; returns what stops it and removes its files. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [server] = await Promise.all([startBrowserServer(), buildWeb()]);
  project.provide('browserEndpoint', server.endpoint);
  return () => server.close();
}
