/** A durable PostgreSQL server in its own folder, which a proof can kill and restart. */
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type EmbeddedServer,
  startEmbeddedServer,
} from '../src/database/embedded/shared-server.ts';

export interface DurableServer {
  readonly connection: EmbeddedServer['connection'];
  /** For `DATABASE_URL`. */
  readonly url: string;
  /** Kills every process of the server and its supervisor, as a power cut does; they restart on the next use. */
  kill(): Promise<void>;
  /** Stops the server and removes its folder. */
  remove(): Promise<void>;
}

/** Starts a durable server. */
export async function startDurableServer(): Promise<DurableServer> {
  // On a disk, so that fsync has an effect.
  const dataDirectory = await mkdtemp(join(tmpdir(), 'daybreak-proof-'));
  // When started by root, the server runs as another user, who needs access.
  await chmod(dataDirectory, 0o755);
  const server = await startEmbeddedServer({ dataDirectory, graceMs: 0 });
  const { host, port, user, password, database } = server.connection;
  return {
    connection: server.connection,
    url: `postgres://${user}:${password}@${host}:${port}/${database}`,
    async kill() {
      const pidFile = await readFile(join(server.folder, 'data', 'postmaster.pid'), 'utf8');
      const postmaster = Number(pidFile.split('\n')[0]);
      const supervisor = JSON.parse(
        await readFile(join(server.folder, 'supervisor.json'), 'utf8'),
      ) as {
        readonly pid: number;
      };
      for (const pid of [supervisor.pid, postmaster, ...(await listChildren(postmaster))])
        killProcess(pid);
    },
    async remove() {
      await server.release();
      await rm(dataDirectory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

/** Kills a process, unless it has already ended. */
function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has already ended.
  }
}

/** Returns the child processes of a process, from `/proc`. */
async function listChildren(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      // The name may contain spaces and parentheses; what follows its last parenthesis does not.
      const [, parentPid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(parentPid) === parent ? Number(pid) : undefined;
    }),
  );
  return found.filter((pid) => pid !== undefined);
}
