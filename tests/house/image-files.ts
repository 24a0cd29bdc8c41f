/** Examples of files that must not get into the image, and evaluation of .dockerignore and .gitignore. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { projectRoot } from './source-file.ts';

/** Keys, passwords and personal data: not in the repository, not in the image. */
export const privateFiles = [
  '.env',
  '.env.production',
  'web/.env.local',
  'secrets/sealing_key',
  'secrets/database_password',
  '.daybreak/sealing.key',
  '.daybreak/session.key',
  '.daybreak/postgres/password',
  'src/cli/sealing.key',
  'certificate.pem',
  'daybreak-2026-11-24.backup',
  'src/database/district.backup',
] as const;

/** For development only: not in the image. */
export const developerFiles = [
  '.git/config',
  '.npmrc',
  'tests/docs.test.ts',
  'src/cli/settings.test.ts',
  'web/help/help-pages.test.tsx',
  'docs/operations.md',
  'docs/images/audit.png',
  'proof/main.ts',
  'bench/main.ts',
  'sandbox/main.ts',
  'scripts/check.ts',
  'node_modules/typescript/package.json',
  'web/dist/index.html',
] as const;

/** Returns whether .dockerignore excludes a path: the last pattern that matches it or a parent folder counts. */
export function isIgnoredByDocker(path: string): boolean {
  const lines = readFileSync(join(projectRoot, '.dockerignore'), 'utf8').split('\n');
  const patterns = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const steps = path.split('/');
  const folders = steps.map((_, index) => steps.slice(0, index + 1).join('/'));
  let isIgnored = false;
  for (const pattern of patterns) {
    const isException = pattern.startsWith('!');
    const expression = toExpression(isException ? pattern.slice(1) : pattern);
    if (folders.some((folder) => expression.test(folder))) isIgnored = !isException;
  }
  return isIgnored;
}

const toExpression = (pattern: string) =>
  new RegExp(
    `^${RegExp.escape(pattern).replaceAll('\\*\\*\\/', '(?:.*/)?').replaceAll('\\*', '[^/]*')}$`,
  );

/** Returns the paths that .gitignore excludes, by git in an empty repository, so that no other settings apply. */
export function ignoredByGit(paths: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'daybreak-gitignore-'));
  try {
    const git = (args: readonly string[], input = '') =>
      spawnSync('git', ['-c', 'core.excludesFile=', ...args], {
        cwd: folder,
        input,
        encoding: 'utf8',
      }).stdout;
    git(['init', '--quiet', '--template=']);
    copyFileSync(join(projectRoot, '.gitignore'), join(folder, '.gitignore'));
    return git(['check-ignore', '--stdin'], paths.join('\n')).split('\n').filter(Boolean);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
