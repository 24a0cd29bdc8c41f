/** Imports the demo's past days one after another, with the clock of each day. */
import { enqueueDueImports } from '../../jobs/scheduled-imports.ts';
import { scheduledStart } from '../../jobs/import-schedule.ts';
import { importDistrict, type DistrictImportOptions } from '../../import/district-import.ts';
import type { District } from '../../districts/district.ts';
import type pg from 'pg';
import type { Logger } from 'pino';
import { workAt } from './database-times.ts';
import type { Scene } from './demo-scene.ts';
import { listSteps } from './demo-story.ts';

/** When the demo's people work; not later than now. */
const workdayStart = Temporal.PlainTime.from('09:40');

/** Nightly imports of the demo start at one o'clock. */
const toSchedule = ({ id, timeZone }: Pick<District, 'id' | 'timeZone'>) => ({
  districtId: id,
  timeZone,
  earliestStart: Temporal.PlainTime.from('01:00'),
});

/** Returns the date of the district's last nightly import before `now`. */
export function findLastImportDate(
  now: Temporal.Instant,
  district: Pick<District, 'id' | 'timeZone'>,
): Temporal.PlainDate {
  const today = now.toZonedDateTimeISO(district.timeZone).toPlainDate();
  const start = scheduledStart(today, toSchedule(district));
  return Temporal.Instant.compare(start, now) <= 0 ? today : today.subtract({ days: 1 });
}

export interface HistoryOptions {
  readonly import: Pick<DistrictImportOptions, 'sealingKey' | 'vendor' | 'signal'>;
  readonly log: Logger;
  readonly now: Temporal.Instant;
}

/** Lets one day pass: what happens in Skyward, the nightly import, and what people do afterwards. */
export async function playDay(
  given: Omit<Scene, 'importNow'>,
  { import: options, log, now }: HistoryOptions,
): Promise<void> {
  const { pool, district, skyward, people, today, lastDay } = given;
  const workday = earlier(
    today.toZonedDateTime({ timeZone: district.timeZone, plainTime: workdayStart }).toInstant(),
    now,
  );
  const scene: Scene = {
    ...given,
    importNow: async () =>
      importAt(given, workday, options, {
        origin: 'person',
        requestedBy: people.administrator.name,
      }),
  };
  const daysAgo = today.until(lastDay, { largestUnit: 'day' }).days;
  await skyward.advanceTo(today);
  for (const run of listSteps(daysAgo, 'before-import')) await run(scene);
  await importNightly(given, { import: options, log });
  for (const run of listSteps(daysAgo, 'workday')) {
    if (options.signal?.aborted === true) return;
    await workAt(pool, district.id, workday, async () => run(scene));
  }
}

interface ImportedDay {
  readonly pool: pg.Pool;
  readonly district: District;
  readonly today: Temporal.PlainDate;
}

/** Runs the nightly import of a day, with its clock. */
export async function importNightly(
  day: ImportedDay,
  { import: options, log }: Pick<HistoryOptions, 'import' | 'log'>,
): Promise<void> {
  const { pool, district, today } = day;
  const start = scheduledStart(today, toSchedule(district));
  const send = async ({ districtId }: { readonly districtId: number }) => {
    if (districtId !== district.id) return false;
    await workAt(pool, district.id, start, async () =>
      importAt(day, start, options, { origin: 'schedule' }),
    );
    return options.signal?.aborted !== true;
  };
  const enqueueAt = async (moment: Temporal.Instant) =>
    enqueueDueImports({ pool, imports: { send }, log, now: () => moment });
  // A day on which the demo was stopped in its import can be claimed again a few minutes later.
  if ((await enqueueAt(start)) === 0) await enqueueAt(start.add({ minutes: 3 }));
}

async function importAt(
  { pool, district, today }: ImportedDay,
  moment: Temporal.Instant,
  options: HistoryOptions['import'],
  request: NonNullable<DistrictImportOptions['request']>,
): Promise<void> {
  const began = Temporal.Now.instant();
  await importDistrict(pool, district, {
    ...options,
    today,
    request,
    now: () => moment.add(began.until(Temporal.Now.instant())),
  });
}

const earlier = (a: Temporal.Instant, b: Temporal.Instant) =>
  Temporal.Instant.compare(a, b) < 0 ? a : b;
