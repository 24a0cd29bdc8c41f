/** `npm run check` must fail if a check fails, and print only the output of failed ones. */
import { expect, it } from 'vitest';

import { checkText, runChecks } from './check-run.ts';

const program = (name: string, source: string) => ({
  name,
  program: '--eval',
  arguments: [source],
});

it('returns the results in the order of the checks', async () => {
  const ended: string[] = [];
  const results = await runChecks(
    [
      program('slow', 'setTimeout(() => console.log("slow"), 300)'),
      program('quick', 'console.error("quick"); process.exit(3)'),
      program('last', ''),
    ],
    (result) => ended.push(result.name),
  );
  expect(results.map(({ name, passed }) => [name, passed])).toEqual([
    ['slow', true],
    ['quick', false],
    ['last', true],
  ]);
  expect(ended).toHaveLength(3);
});

it('prints the output of a failed check, and only the name of a passed one', () => {
  const result = { name: 'lint', seconds: 1, output: 'a finding' };
  expect(checkText({ ...result, passed: false })).toContain('a finding');
  expect(checkText({ ...result, passed: true })).toBe('✓ lint, 1.0 s');
});

it('prints how a check without output ended', async () => {
  const [result] = await runChecks([program('silent', 'process.exit(7)')]);
  expect(result?.output).toBe('It ended with exit status 7.');
});
