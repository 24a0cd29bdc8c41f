/** The times of the next scheduled imports. */
import type { ScheduledImport } from '../../src/contract/districts/district-information.ts';
import { useDistrict } from '../districts/district-query.ts';
import { formatInstant } from '../shell/dates.ts';

/** The next import, and the later ones on demand. */
export function ScheduledImports({
  scheduledImports: [next, ...later],
}: {
  readonly scheduledImports: readonly ScheduledImport[];
}) {
  if (next === undefined) return null;
  return (
    <>
      <ImportStart scheduled={next} />
      <details className="scheduled-imports">
        <summary>Later imports</summary>
        <ol className="plain">
          {later.map((scheduled) => (
            <li key={scheduled.startsAt}>
              <ImportStart scheduled={scheduled} />
            </li>
          ))}
        </ol>
      </details>
    </>
  );
}

const clockChangeTexts = {
  forward: ' (daylight saving time starts; the import runs once)',
  back: ' (daylight saving time ends; the import runs once)',
};

function ImportStart({
  scheduled: { startsAt, clockChange },
}: {
  readonly scheduled: ScheduledImport;
}) {
  const { timeZone } = useDistrict();
  return (
    <>
      <time dateTime={startsAt}>{formatInstant(startsAt, timeZone)}</time>
      {clockChange !== null && clockChangeTexts[clockChange]}
    </>
  );
}
