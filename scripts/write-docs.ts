/** `npm run docs`: writes docs/commands.md. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createProgram } from '../src/cli/program.ts';
import { projectRoot } from './check-run.ts';
import { commandReference } from './command-reference.ts';

const target = join(projectRoot, 'docs/commands.md');
await writeFile(target, await commandReference(createProgram()));
console.log(`Wrote ${target}`);
