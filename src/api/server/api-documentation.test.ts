import { readFile } from 'node:fs/promises';

import { expect, it } from 'vitest';

import { errorStatus } from '../../contract/endpoint.ts';

it('docs/api.md lists every error code with its status', async () => {
  const guide = await readFile(new URL('../../../docs/api.md', import.meta.url), 'utf8');
  for (const [code, status] of Object.entries(errorStatus)) {
    expect(guide).toMatch(new RegExp(`\\| \`${code}\` *\\| ${status} *\\|`));
  }
});
