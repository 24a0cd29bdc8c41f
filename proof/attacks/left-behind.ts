/** Secrets in what a running server leaves behind, and files that would take them elsewhere. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';

import type { Family, Tries } from './attack.ts';
import { password, secretCanary } from './callers.ts';
import { metricsToken, type Target } from './target.ts';

export const leftBehindFamily: Family = {
  name: 'left behind',
  isQuick: true,
  async attack(target, tries) {
    const secrets = [secretCanary, metricsToken, password];
    const search = (what: string, text: string) =>
      tries.note(what, secrets.some((secret) => text.includes(secret)) && 'holds a secret');
    search('the log of the server', target.main.log());
    search('the log of the second server', target.inner.log());
    tries.note(
      'the log of the server',
      /Zq[ab](one|two)/.test(target.main.log()) && 'holds a name',
    );
    const { rows: tables } = await target.database.pool.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    for (const { name } of tables) {
      const { rows } = await target.database.pool.query<{ text: string | null }>(
        `select string_agg(t::text, ' ') as text from ${name} t`,
      );
      search(`the table ${name}`, rows[0]?.text ?? '');
    }
    await searchProcesses(target, search);
    if (!tries.isQuick) await searchBackup(target, tries, search);
    await searchFiles(target, tries);
    await attackMetrics(target, tries);
  },
};

type Search = (what: string, text: string) => void;

/** What every user of the machine may read of a process. */
async function searchProcesses(target: Target, search: Search): Promise<void> {
  for (const [what, pid] of [
    ['server', target.main.pid],
    ['second server', target.inner.pid],
  ] as const)
    search(
      `the words of the ${what}'s process`,
      await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    );
}

async function searchBackup(target: Target, tries: Tries, search: Search): Promise<void> {
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
  tries.note('the backup', !text.includes('Zqaone') && 'can’t be read, so nothing was searched');
  search('the backup', text);
  tries.note('the backup', ((await stat(path)).mode & 0o077) !== 0 && 'can be read by others');
}

/** A file of the project. */
const read = async (path: string) =>
  readFile(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

async function searchFiles(target: Target, tries: Tries): Promise<void> {
  for (const name of await readdir(target.daybreak.dataDirectory)) {
    const { mode } = await stat(join(target.daybreak.dataDirectory, name));
    tries.note(
      `${name} in the data folder`,
      (mode & 0o077) !== 0 && !name.endsWith('.pid') && `has mode ${(mode & 0o777).toString(8)}`,
    );
  }
  const [docker, ignored, gitIgnored, compose, unit] = await Promise.all(
    ['Dockerfile', '.dockerignore', '.gitignore', 'compose.yaml', 'deploy/daybreak.service'].map(
      read,
    ),
  );
  const has = (file: string, text: string | undefined, pattern: RegExp, wants: boolean) =>
    tries.note(
      file,
      pattern.test(text ?? '') !== wants && `${wants ? 'lacks' : 'has'} ${pattern.source}`,
    );
  for (const pattern of [
    /^COPY (--\S+ )*\.\/? /m,
    /^ADD /m,
    /^ENV .*(SECRET|PASSWORD|KEY)/m,
    /^USER root/m,
  ])
    has('Dockerfile', docker, pattern, false);
  has('Dockerfile', docker, /^USER node$/m, true);
  for (const pattern of [/\.env/, /\.pem/, /\.key/, /\.backup/, /secrets/]) {
    has('.dockerignore', ignored, pattern, true);
    has('.gitignore', gitIgnored, pattern, true);
  }
  for (const pattern of [
    /read_only: true/,
    /cap_drop: \[ALL\]/,
    /no-new-privileges:true/,
    /127\.0\.0\.1:4000:4000/,
  ])
    has('compose.yaml', compose, pattern, true);
  has('compose.yaml', compose, /privileged: true|docker\.sock|network_mode: host/, false);
  const superuser = /POSTGRES_USER: (\S+)/.exec(compose ?? '')?.[1] ?? 'postgres';
  has('compose.yaml', compose, new RegExp(`DATABASE_URL: postgres://${superuser}[@:]`), false);
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
    has('deploy/daybreak.service', unit, new RegExp(`^${setting}`, 'm'), true);
}

async function attackMetrics(target: Target, tries: Tries): Promise<void> {
  for (const token of [
    '',
    'x',
    metricsToken.slice(0, -1),
    `${metricsToken}x`,
    metricsToken.toUpperCase(),
  ]) {
    const answer = await target.ask(undefined, {
      path: '/metrics',
      headers: { authorization: `Bearer ${token}` },
    });
    tries.note('metrics with a wrong token', answer.status < 400 && `answered ${answer.status}`);
  }
  const { text } = await target.ask(undefined, {
    path: '/metrics',
    headers: { authorization: `Bearer ${metricsToken}` },
  });
  tries.note('metrics', /Zq[ab]|a\.example/.test(text) && 'name a district or a person');
}
