/** `npm run docs`: writes docs/commands.md and docs/safety-limits.md. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createProgram } from '../src/cli/program.ts';
import { projectRoot } from './check-run.ts';
import { commandReference } from './command-reference.ts';
import { limitReference } from './limit-reference.ts';

const pages = {
  'docs/commands.md': await commandReference(createProgram()),
  'docs/safety-limits.md': await limitReference(),
};
for (const [path, text] of Object.entries(pages)) {
  const target = join(projectRoot, path);
  await writeFile(target, text);
  console.log(`Wrote ${target}`);
}
