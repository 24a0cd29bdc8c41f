/**
 * Folders for the data of PostgreSQL servers that tests start.
 *
 * This folder starts the servers and databases that tests use.
 */
import { chmod, mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Enough for the data of all tests in a run. */
const neededBytes = 4 * 2 ** 30;

/**
 * Returns a folder in memory if Linux has enough of it: every import creates and drops about forty tables with their
 * own files, and ext4 took a fifth of the tests' time for that.
 */
async function chooseParentFolder(): Promise<string> {
  const shared = await statfs('/dev/shm').catch(() => undefined);
  const isRoomy = shared !== undefined && shared.bavail * shared.bsize >= neededBytes;
  return isRoomy ? '/dev/shm' : tmpdir();
}

/** Creates a folder, in memory if there is enough; the caller removes it. */
export async function makeDataFolder(purpose: string): Promise<string> {
  const folder = await mkdtemp(join(await chooseParentFolder(), `daybreak-${purpose}-`));
  // When started by root, the server runs as another user, who needs access.
  await chmod(folder, 0o755);
  return folder;
}
