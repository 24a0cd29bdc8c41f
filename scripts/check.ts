/** `npm run check`: format, types, lint and unused code, in one command. Exit status 1 if any of them fails. */
import { checkText, runChecks } from './check-run.ts';
import { checks } from './checks.ts';

const results = await runChecks(checks, (result) => console.log(checkText(result)));
const failed = results.filter((result) => !result.passed).map((result) => result.name);
console.log(
  failed.length === 0
    ? `\nAll ${results.length} checks passed.`
    : `\n${failed.length} of ${results.length} checks failed: ${failed.join('; ')}.`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
