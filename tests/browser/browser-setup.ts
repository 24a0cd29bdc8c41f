/** Vitest's global setup for browser tests: builds the web app and unpacks the browser, once for the run. */
import type { TestProject } from 'vitest/node';

import { buildWeb } from '../../src/api/server/web-build.ts';
import { unpackBrowser } from './browser.ts';

/** Returns a function that removes the browser's files. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [unpacked] = await Promise.all([unpackBrowser(), buildWeb()]);
  project.provide('browser', { executablePath: unpacked.executablePath, env: unpacked.env });
  return () => unpacked.remove();
}
