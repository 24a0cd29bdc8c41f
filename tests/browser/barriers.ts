/** What keeps people out of a page, as axe finds it. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Every violation by rule and elements; nothing is excepted. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as { axe: { run(): Promise<axe.AxeResults> } };
    const results = await checker.run();
    return results.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`,
    );
  });
}
