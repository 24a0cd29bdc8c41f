/** Enqueues what users start: imports, dry runs and undos. */
import { findLiveRun } from '../../import/runs/run-list.ts';
import { findWaitingSince } from '../../import/runs/waiting-imports.ts';
import type { ImportJob, ImportQueue } from '../../jobs/import-queue.ts';
import { ApiError } from '../api-error.ts';
import type { DistrictCall } from '../district-call.ts';

export const runNotFound = () =>
  new ApiError('not-found', 'Import not found.', {
    advice: 'The list of imports shows all imports of the district.',
  });

type JobOptions = Pick<
  ImportJob,
  'isDryRun' | 'allowsMassChange' | 'requestedBy' | 'approvedRunId' | 'undo'
>;

/**
 * Enqueues an import or undo. Throws while another one of the district is queued or running, and for an import also
 * while imports wait after an undo.
 */
export async function sendImport(
  imports: ImportQueue | undefined,
  district: DistrictCall,
  options: JobOptions,
): Promise<void> {
  if (imports === undefined) {
    throw new ApiError('queue-unavailable', 'This server cannot start imports.', {
      advice: 'Start it with `daybreak serve`, or run `daybreak import` on the server.',
    });
  }
  if (options.undo === undefined && !options.isDryRun) await requireNoWait(district);
  const job = { districtId: district.id, domain: district.domain, origin: 'person' as const };
  // A command on the server runs imports without the queue.
  const live = await district.read(async ({ client }) => findLiveRun(client, district.id));
  if (live === undefined && (await imports.send({ ...job, ...options }))) return;
  throw new ApiError('conflict', 'An import is already running.', {
    advice: 'Wait until it ends, or cancel it.',
  });
}

async function requireNoWait(district: DistrictCall): Promise<void> {
  const waiting = await district.read(async ({ client }) => findWaitingSince(client, district.id));
  if (waiting === undefined) return;
  throw new ApiError('conflict', 'Imports wait, because an import was undone.', {
    advice: 'Let imports continue on the page Import history, then start the import.',
  });
}
