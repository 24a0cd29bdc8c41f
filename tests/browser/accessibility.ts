/** Accessibility violations of a page, found by axe, and its color schemes. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * Returns every violation with its rule and elements. `colors` checks only the rules about colors, which is enough when
 * only the color scheme of a page has changed.
 */
export async function findViolations(page: Page, checks?: 'colors'): Promise<readonly string[]> {
  const isLoaded = await page.evaluate(() => 'axe' in globalThis);
  if (!isLoaded) await page.evaluate(axe.source);
  return page.evaluate(
    async (rules) => {
      const { axe: checker } = globalThis as unknown as {
        axe: { run(options: axe.RunOptions): Promise<axe.AxeResults> };
      };
      const results = await checker.run({
        resultTypes: ['violations'],
        ...(rules && { runOnly: { type: 'rule', values: rules } }),
      });
      return results.violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`,
      );
    },
    checks && ['color-contrast', 'link-in-text-block'],
  );
}

/** Sets the color scheme of a page as a system setting does, and waits until it is painted. */
export async function setColorScheme(page: Page, scheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme });
  await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor();
  await page.evaluate(
    'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
  );
}
