/** Takes screenshots of every screen for docs/images/: npm run screenshots [FOLDER] [SCREEN …] */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { BrowserContextOptions } from 'playwright-core';

import { openSampleApp, type SampleApp, visit } from '../tests/browser/sample-app.ts';
import { screens, getViewer } from '../tests/browser/screens.ts';
import { openThrowawayDatabase } from '../tests/servers/throwaway-server.ts';

const [folder = fileURLToPath(new URL('../docs/images', import.meta.url)), ...names] =
  process.argv.slice(2);
await mkdir(folder, { recursive: true });

const desktop = { width: 1180, height: 760 };
/** Kinds of screenshots by the suffix of their name. */
const kinds: Readonly<Record<string, BrowserContextOptions>> = {
  '': { viewport: desktop, colorScheme: 'light' },
  '-dark': { viewport: desktop, colorScheme: 'dark' },
  '-phone': { viewport: { width: 390, height: 780 }, colorScheme: 'light' },
};

await using cleanUp = new AsyncDisposableStack();
const database = await openThrowawayDatabase();
cleanUp.defer(() => database.close());
const sampleApp = await openSampleApp(database);
cleanUp.defer(() => sampleApp.close());
for (const [ending, options] of Object.entries(kinds)) await takeAll(sampleApp, ending, options);

/** Takes all screenshots, with one browser context per user. */
async function takeAll(
  app: SampleApp,
  ending: string,
  options: BrowserContextOptions,
): Promise<void> {
  const viewers = Map.groupBy(
    screens.filter(({ name }) => names.length === 0 || names.includes(name)),
    getViewer,
  );
  for (const [viewer, theirs] of viewers) {
    const context = await app.signedIn(viewer, options);
    const page = await context.newPage();
    for (const screen of theirs) {
      await visit(page, screen, app.sample).catch((error: unknown) => {
        throw new Error(`The screen ${screen.name} did not load.`, { cause: error });
      });
      // Images and file previews load after the text.
      await page.waitForLoadState('networkidle');
      // Removes the focus ring of headings and the pointer's hover state.
      await page.mouse.move(0, 0);
      const path = join(folder, `${screen.name}${ending}.png`);
      await page.screenshot({ path });
      console.log(path);
    }
    await context.close();
  }
}
