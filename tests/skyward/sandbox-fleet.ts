/** Many districts on one sandbox Skyward with due imports, and worker processes. */
import type { ChildProcess } from 'node:child_process';

import type { Database } from '../../src/database/database.ts';
import { addDistrict } from '../../src/districts/district.ts';
import type { SealingKey } from '../../src/districts/sealed-secret.ts';
import type { DaybreakProcesses } from '../servers/daybreak-process.ts';

/** Returns a time zone in which it is eight in the morning, so that imports of that date are due. */
export function findMorningTimeZone(now: Temporal.Instant): { timeZone: string; today: string } {
  const ahead = ((8 - now.toZonedDateTimeISO('UTC').hour + 36) % 24) - 12;
  // The names of these zones have inverted signs.
  const timeZone = ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
  return { timeZone, today: now.toZonedDateTimeISO(timeZone).toPlainDate().toString() };
}

export interface FleetOptions {
  readonly count: number;
  readonly timeZone: string;
  readonly skyward: {
    readonly baseUrl: string;
    readonly clientKey: string;
    readonly clientSecret: string;
  };
  readonly key: SealingKey;
}

/** Adds the districts, with imports that are due at once. */
export async function addFleet({ pool }: Database, fleet: FleetOptions): Promise<void> {
  const { baseUrl, clientKey, clientSecret } = fleet.skyward;
  const connection = {
    baseUrl,
    clientKey,
    clientSecret,
    entityId: null,
    allowPrivateAddress: true,
  };
  for (let number = 1; number <= fleet.count; number++) {
    const domain = `district-${number}.example`;
    await addDistrict(
      pool,
      { domain, name: domain, timeZone: fleet.timeZone },
      connection,
      fleet.key,
    );
  }
  // The earliest start time is past.
  await pool.query("update districts set night_starts_at = '00:00'");
}

/** Starts a worker process with `concurrency` imports at a time. */
export function startWorker(
  daybreak: DaybreakProcesses,
  concurrency: number,
  perHost: number,
): ChildProcess {
  const worker = daybreak.start(
    `worker --concurrency ${concurrency} --per-host ${perHost}`.split(' '),
  );
  worker.stdout?.resume();
  worker.stderr?.resume();
  return worker;
}
