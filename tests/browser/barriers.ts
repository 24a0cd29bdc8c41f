/** Accessibility violations of a page, as axe finds them. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * Every violation by rule and elements; nothing is excepted. `colors` checks the rules about colors alone: what is left
 * to check when only the color scheme of a page has changed.
 */
export async function violations(page: Page, checks?: 'colors'): Promise<readonly string[]> {
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

/** Shows the page in a color scheme, as a person's system does when it changes; waits until it is painted. */
export async function showIn(page: Page, scheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme });
  await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor();
  await page.evaluate(
    'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
  );
}
