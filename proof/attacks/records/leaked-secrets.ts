/** Searches logs, tables, processes, files and backups for secrets, and checks deployment files. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';

import type { Family, Attempts } from '../attack.ts';
import { password, secretCanary } from '../target/callers.ts';
import { metricsToken, type Target } from '../target/target.ts';

export const leftBehindFamily: Family = {
  name: 'leaked secrets',
  isQuick: true,
  async attack(target, attempts) {
    const secrets = [secretCanary, metricsToken, password];
    const searchText = (what: string, text: string) =>
      attempts.record(what, secrets.some((secret) => text.includes(secret)) && 'contains a secret');
    searchText('the log of the server', target.main.log());
    searchText('the log of the second server', target.direct.log());
    attempts.record(
      'the log of the server',
      /Zq[ab](one|two)/.test(target.main.log()) && 'contains a name',
    );
    const { rows: tables } = await target.database.pool.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    for (const { name } of tables) {
      const { rows } = await target.database.pool.query<{ text: string | null }>(
        `select string_agg(t::text, ' ') as text from ${name} t`,
      );
      searchText(`the table ${name}`, rows[0]?.text ?? '');
    }
    await searchProcesses(target, searchText);
    if (!attempts.isQuick) await searchBackup(target, attempts, searchText);
    await searchFiles(target, attempts);
    await attackMetrics(target, attempts);
  },
};

type Search = (what: string, text: string) => void;

/** Searches the command lines of the processes, which every user of the machine can read. */
async function searchProcesses(target: Target, searchText: Search): Promise<void> {
  for (const [what, pid] of [
    ['server', target.main.pid],
    ['second server', target.direct.pid],
  ] as const)
    searchText(
      `the command line of the ${what}`,
      await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    );
}

async function searchBackup(target: Target, attempts: Attempts, searchText: Search): Promise<void> {
  const path = join(target.daybreak.dataDirectory, 'whole.backup');
  const { status, messages } = await target.daybreak.run(['backup', path]);
  if (status !== 0) throw new Error(`No backup was made: ${messages}`);
  const bytes = await readFile(path);
  const text = [() => gunzipSync(bytes), () => zstdDecompressSync(bytes), () => bytes]
    .map((unpack) => {
      try {
        return unpack().toString('latin1');
      } catch {
        return '';
      }
    })
    .join(' ');
  attempts.record('the backup', !text.includes('Zqaone') && 'can’t be read, so nothing was tested');
  searchText('the backup', text);
  attempts.record('the backup', ((await stat(path)).mode & 0o077) !== 0 && 'can be read by others');
}

/** Reads a file of the project. */
const read = async (path: string) =>
  readFile(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');

async function searchFiles(target: Target, attempts: Attempts): Promise<void> {
  for (const name of await readdir(target.daybreak.dataDirectory)) {
    const { mode } = await stat(join(target.daybreak.dataDirectory, name));
    attempts.record(
      `${name} in the data folder`,
      (mode & 0o077) !== 0 && !name.endsWith('.pid') && `has mode ${(mode & 0o777).toString(8)}`,
    );
  }
  const [docker, dockerIgnored, gitIgnored, compose, unit] = await Promise.all(
    ['Dockerfile', '.dockerignore', '.gitignore', 'compose.yaml', 'deploy/daybreak.service'].map(
      read,
    ),
  );
  const checkFile = (
    file: string,
    text: string | undefined,
    pattern: RegExp,
    shouldMatch: boolean,
  ) =>
    attempts.record(
      file,
      pattern.test(text ?? '') !== shouldMatch &&
        `${shouldMatch ? 'lacks' : 'has'} ${pattern.source}`,
    );
  for (const pattern of [
    /^COPY (--\S+ )*\.\/? /m,
    /^ADD /m,
    /^ENV .*(SECRET|PASSWORD|KEY)/m,
    /^USER root/m,
  ])
    checkFile('Dockerfile', docker, pattern, false);
  checkFile('Dockerfile', docker, /^USER node$/m, true);
  for (const pattern of [/\.env/, /\.pem/, /\.key/, /\.backup/, /secrets/]) {
    checkFile('.dockerignore', dockerIgnored, pattern, true);
    checkFile('.gitignore', gitIgnored, pattern, true);
  }
  for (const pattern of [
    /read_only: true/,
    /cap_drop: \[ALL\]/,
    /no-new-privileges:true/,
    /127\.0\.0\.1:4000:4000/,
  ])
    checkFile('compose.yaml', compose, pattern, true);
  checkFile('compose.yaml', compose, /privileged: true|docker\.sock|network_mode: host/, false);
  const superuser = /POSTGRES_USER: (\S+)/.exec(compose ?? '')?.[1] ?? 'postgres';
  checkFile(
    'compose.yaml',
    compose,
    new RegExp(`DATABASE_URL: postgres://${superuser}[@:]`),
    false,
  );
  for (const setting of [
    'NoNewPrivileges=true',
    'ProtectSystem=strict',
    'ProtectHome=true',
    'PrivateTmp=true',
    'PrivateDevices=true',
    'ProtectKernel',
    'RestrictAddressFamilies=',
    'SystemCallFilter=',
    'MemoryMax=',
    'CapabilityBoundingSet=$',
    'StateDirectoryMode=0700',
    'User=daybreak',
  ])
    checkFile('deploy/daybreak.service', unit, new RegExp(`^${setting}`, 'm'), true);
}

async function attackMetrics(target: Target, attempts: Attempts): Promise<void> {
  for (const token of [
    '',
    'x',
    metricsToken.slice(0, -1),
    `${metricsToken}x`,
    metricsToken.toUpperCase(),
  ]) {
    const response = await target.send(undefined, {
      path: '/metrics',
      headers: { authorization: `Bearer ${token}` },
    });
    attempts.record(
      'metrics with a wrong token',
      response.status < 400 && `got ${response.status}`,
    );
  }
  const { text } = await target.send(undefined, {
    path: '/metrics',
    headers: { authorization: `Bearer ${metricsToken}` },
  });
  attempts.record('metrics', /Zq[ab]|a\.example/.test(text) && 'name a district or a user');
}
