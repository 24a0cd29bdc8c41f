/** Runs commands of an image as Docker would: as its user, without capabilities, on a read-only root. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import type { ImageConfig } from './image-build.ts';

export interface ContainerOptions {
  readonly rootFolder: string;
  readonly config: ImageConfig;
  readonly environment: Readonly<Record<string, string>>;
  /** Files of /run/secrets: content by name. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface Container {
  readonly uid: number;
  /** Starts the image's entry point with these arguments. */
  start(args: readonly string[]): ChildProcess;
  /** Runs the entry point and waits for its end. */
  run(
    args: readonly string[],
    input?: string,
  ): Promise<{
    readonly output: string;
    readonly messages: string;
    readonly status: number | null;
  }>;
  /** Runs a script on the image's Node and returns its output; a failure is part of the output. */
  script(source: string): Promise<string>;
  remove(): Promise<void>;
}

/**
 * The mounts are private to the process and end with it. `setpriv`, one of Debian's essential packages, runs inside,
 * since `chroot` itself needs a capability.
 */
const enter = `set -e
mount --bind "$ROOT" "$ROOT"
mount -t tmpfs -o mode=1777 tmpfs "$ROOT/tmp"
mount -t proc proc "$ROOT/proc"
mount --rbind /dev "$ROOT/dev"
mount --bind "$DATA" "$ROOT/data"
mount --bind "$SECRETS" "$ROOT/run/secrets"
mount -o remount,bind,ro "$ROOT/run/secrets"
mount -o remount,bind,ro "$ROOT"
exec chroot "$ROOT" setpriv --reuid="$USER_ID" --regid="$GROUP_ID" --clear-groups --no-new-privs \\
  --inh-caps=-all --bounding-set=-all env --ignore-environment --chdir="$WORKDIR" "$@"`;

/** Prepares /data and /run/secrets; only the image's user can read the files. */
export async function openContainer(options: ContainerOptions): Promise<Container> {
  const { rootFolder, config, environment, secrets } = options;
  const { uid, gid } = await findUser(rootFolder, config.User);
  const folder = await mkdtemp(join(tmpdir(), 'daybreak-container-'));
  const data = join(folder, 'data');
  const secretFolder = join(folder, 'secrets');
  await mkdir(data, { mode: 0o700 });
  await chown(data, uid, gid);
  await mkdir(secretFolder);
  for (const [name, content] of Object.entries(secrets)) {
    await writeFile(join(secretFolder, name), `${content}\n`, { mode: 0o400 });
    await chown(join(secretFolder, name), uid, gid);
  }
  await mkdir(join(rootFolder, 'run/secrets'), { recursive: true });
  const variables = [
    ...config.Env,
    ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
  ];
  const startProgram = (program: readonly string[]) =>
    spawn(
      'unshare',
      ['--mount', '--propagation=private', 'sh', '-c', enter, 'sh', ...variables, ...program],
      {
        env: {
          PATH: process.env['PATH'],
          ROOT: rootFolder,
          DATA: data,
          SECRETS: secretFolder,
          USER_ID: String(uid),
          GROUP_ID: String(gid),
          WORKDIR: config.WorkingDir,
        },
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
  const start = (args: readonly string[]) => startProgram([...config.Entrypoint, ...args]);
  const runToEnd = async (child: ReturnType<typeof startProgram>, input: string) => {
    child.stdin.end(input);
    const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [output, messages, status] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      closed,
    ]);
    return { output, messages, status };
  };
  return {
    uid,
    start,
    run: (args, input = '') => runToEnd(start(args), input),
    async script(source) {
      const { output, messages } = await runToEnd(
        startProgram(['node', '--input-type=module', '--eval', source]),
        '',
      );
      return output + messages;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function findUser(rootFolder: string, name: string): Promise<{ uid: number; gid: number }> {
  const users = await readFile(join(rootFolder, 'etc/passwd'), 'utf8');
  const [, , uid, gid] =
    users
      .split('\n')
      .map((line) => line.split(':'))
      .find(([user]) => user === name) ?? [];
  if (uid === undefined || gid === undefined) {
    throw new Error(`The image has no user '${name}'.`);
  }
  return { uid: Number(uid), gid: Number(gid) };
}
