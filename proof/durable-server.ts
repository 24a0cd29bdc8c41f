/** A PostgreSQL with all its durability in a folder of its own, which a proof may kill and start again. */
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type EmbeddedServer, startEmbeddedServer } from '../src/database/embedded/server.ts';

export interface DurableServer {
  readonly connection: EmbeddedServer['connection'];
  /** For `DATABASE_URL`. */
  readonly url: string;
  /** Ends every process of the server and what keeps it at once, as a power cut does; this process starts both again. */
  kill(): Promise<void>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

/** Starts one. */
export async function startDurableServer(): Promise<DurableServer> {
  // On the disk, where syncing means something.
  const dataDirectory = await mkdtemp(join(tmpdir(), 'daybreak-proof-'));
  // As root the server runs as another user, who has to get in.
  await chmod(dataDirectory, 0o755);
  const server = await startEmbeddedServer({ dataDirectory, graceMs: 0 });
  const { host, port, user, password, database } = server.connection;
  return {
    connection: server.connection,
    url: `postgres://${user}:${password}@${host}:${port}/${database}`,
    async kill() {
      const pidFile = await readFile(join(server.folder, 'data', 'postmaster.pid'), 'utf8');
      const postmaster = Number(pidFile.split('\n')[0]);
      const keeper = JSON.parse(await readFile(join(server.folder, 'supervisor.json'), 'utf8')) as {
        readonly pid: number;
      };
      for (const pid of [keeper.pid, postmaster, ...(await childrenOf(postmaster))]) killAt(pid);
    },
    async remove() {
      await server.release();
      await rm(dataDirectory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

/** What keeps the server goes first, then the process that would tidy up after the others. */
function killAt(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone by itself.
  }
}

/** Processes whose parent is this one, by what Linux tells of each. */
async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      // The name may hold spaces and parentheses; what follows its last one does not.
      const [, parentPid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(parentPid) === parent ? Number(pid) : undefined;
    }),
  );
  return found.filter((pid) => pid !== undefined);
}
