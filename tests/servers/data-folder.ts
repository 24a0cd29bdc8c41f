/** Folders for the data of PostgreSQL servers that tests start. */
import { chmod, mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Enough for the data of all tests of a run. */
const neededBytes = 4 * 2 ** 30;

/**
 * Memory where Linux offers enough of it: every import makes and drops some forty temporary tables, each with files of
 * its own, and ext4 spent a fifth of the tests' time on that.
 */
async function chooseParentFolder(): Promise<string> {
  const shared = await statfs('/dev/shm').catch(() => undefined);
  const isRoomy = shared !== undefined && shared.bavail * shared.bsize >= neededBytes;
  return isRoomy ? '/dev/shm' : tmpdir();
}

/** Makes a folder of its own, in memory where there is room; whoever asked for it removes it. */
export async function makeDataFolder(purpose: string): Promise<string> {
  const folder = await mkdtemp(join(await chooseParentFolder(), `daybreak-${purpose}-`));
  // As root the server runs as another user, who has to get in.
  await chmod(folder, 0o755);
  return folder;
}
