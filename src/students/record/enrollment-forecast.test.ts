import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  openSandboxDistrict,
  sandboxDate,
  type SandboxDistrict,
} from '../../../tests/skyward/sandbox-district.ts';
import type { EnrollmentForecast } from '../../contract/students/enrollment-forecast.ts';
import { readInDistrict } from '../../database/district-and-school-scope.ts';
import { defaultStatusRules } from '../../enrollment/status-settings.ts';
import { findEnrollmentForecast } from './enrollment-forecast.ts';

let district: SandboxDistrict;

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 250, seed: 11 });
  const run = await district.runImport();
  expect(run.state).toBe('published');
});
afterAll(() => district.close());

interface Published {
  readonly id: number;
  readonly status: string;
  readonly rule: string;
  readonly decidedBy: number | null;
  readonly uncounted: readonly unknown[];
}

const published = async () =>
  district.rows<Published>(
    `select id, status, status_rule as rule, status_decided_by as "decidedBy",
       status_left_out as uncounted from students where district_id = $1 order by id`,
  );

/** Reads every student's forecast as of `today`. */
async function forecasts(today: string): Promise<Map<number, EnrollmentForecast>> {
  const students = await published();
  return readInDistrict(
    district.database.pool,
    { districtId: district.districtId, schools: null },
    async (database) => {
      const found = new Map<number, EnrollmentForecast>();
      for (const { id } of students) {
        const day = Temporal.PlainDate.from(today);
        const forecast = await findEnrollmentForecast(database, id, day);
        if (forecast !== undefined) found.set(id, forecast);
      }
      return found;
    },
  );
}

/** Returns what the slider shows on a date, in the form of the published decision. */
function shownOn(forecast: EnrollmentForecast | undefined, day: string) {
  const period = forecast?.periods.find(({ from, through }) => from <= day && day <= through);
  return {
    status: period?.status,
    rule: period?.rule,
    decidedBy: period?.decidedBy,
    uncounted: period?.uncounted.map(({ id, reason }) => ({ id, reason })),
  };
}

const differing = async (found: ReadonlyMap<number, EnrollmentForecast>, day: string) =>
  (await published()).flatMap(({ id, ...expected }) => {
    const shown = shownOn(found.get(id), day);
    return JSON.stringify(shown) === JSON.stringify(pickPublished(expected))
      ? []
      : [{ id, said: expected, shown }];
  });

const pickPublished = ({ status, rule, decidedBy, uncounted }: Omit<Published, 'id'>) => ({
  status,
  rule,
  decidedBy,
  uncounted: uncounted.map((row) => {
    const { id, reason } = row as { id: number; reason: string };
    return { id, reason };
  }),
});

describe('the forecast of every student of a sandbox district', () => {
  it('R37 to R41: agrees with the published status today', async () => {
    const found = await forecasts(sandboxDate);
    expect(found.size).toBeGreaterThan(200);
    expect(await differing(found, sandboxDate)).toEqual([]);
    const statuses = new Set([...found.values()].map((one) => one.published.value));
    expect(statuses.size).toBe(4);
  });

  it('shows the status that is kept on hold until today, and none from there', async () => {
    const [held] = await district.rows<{ id: number }>(
      `update students set status_on_hold = 'INACTIVE', status_on_hold_since = '2026-11-20'
       where id = (select min(id) from students where district_id = $1
         and status_rule = 'current-enrollment') returning id`,
    );
    const forecast = (await forecasts(sandboxDate)).get(held?.id ?? 0);
    await district.rows(
      `update students set status_on_hold = null, status_on_hold_since = null where district_id = $1`,
    );
    expect(forecast?.periods.at(-1)).toMatchObject({
      from: '2026-11-20',
      through: sandboxDate,
      status: 'ENROLLED',
      reason: expect.stringMatching(
        /^Enrolled: .+ On hold since Nov 20, 2026: would become Inactive/,
      ),
    });
    expect(forecast?.periods.at(-2)?.through).toBe('2026-11-19');
    expect(forecast?.notKnown).toMatchObject({ from: '2026-11-24' });
    expect(forecast?.notKnown?.sentence).toBe(forecast?.published.onHold);
  });

  it('predicts the status of the published change date, and agrees with it within the school year', async () => {
    const found = [...(await forecasts(sandboxDate)).values()];
    const changing = found.filter(({ published: { changesOn } }) => changesOn !== null);
    expect(changing.length).toBeGreaterThan(5);
    for (const { published: expected } of changing)
      expect(expected.nextStatus).not.toBe(expected.value);
    const soon = changing.filter(
      ({ published: expected }) => (expected.changesOn ?? '') <= '2027-06-30',
    );
    expect(soon.length).toBeGreaterThan(0);
    for (const forecast of soon) {
      const { changesOn, nextStatus } = forecast.published;
      expect(shownOn(forecast, changesOn ?? '').status).toBe(nextStatus);
    }
  });

  it('says nothing about a school year that Skyward has no enrollment of, and nothing before the first one', async () => {
    const found = [...(await forecasts(sandboxDate)).values()];
    const open = found.filter(
      ({ enrollments }) =>
        enrollments.some((row) => row.lastDay === null) &&
        enrollments.every((row) => row.schoolYear <= 2027),
    );
    expect(open.length).toBeGreaterThan(50);
    for (const { periods, notKnown, published: status, enrollments } of open) {
      expect(notKnown?.sentence).toBe('Not known yet: 2027–28 enrollments are not in Skyward.');
      expect(periods.at(-1)?.through).toBe('2027-06-30');
      expect(status.nextStatus).not.toBe('INACTIVE');
      const starts = enrollments.map(({ startDate }) => startDate ?? sandboxDate);
      const [earliest = ''] = [sandboxDate, ...starts].toSorted();
      expect((periods[0]?.from ?? '') >= earliest).toBe(true);
    }
  });

  it('predicts what the import of a later date publishes', async () => {
    const found = await forecasts(sandboxDate);
    const later = '2027-02-15';
    const run = await district.runImport({ today: later, allowsMassChange: true });
    expect(run.state).toBe('published');
    const known = new Set(found.keys());
    const differences = await differing(found, later);
    // A later import no longer reads rows that ended long ago; neither side counts them.
    expect(
      differences.filter(
        ({ id, said: expected, shown }) => known.has(id) && expected.status !== shown.status,
      ),
    ).toEqual([]);
    expect(await differing(await forecasts(later), later)).toEqual([]);
  });

  it('uses the district settings of the last import', async () => {
    const rules = {
      graduationCode: '33',
      ignoredCode: 'XX',
      nextSchoolYear: 'all' as const,
      stayingCodes: ['44'],
    };
    const run = await district.runImport({ today: '2027-02-15', rules, allowsMassChange: true });
    expect(run.state).toBe('published');
    const found = await forecasts('2027-02-15');
    expect(await differing(found, '2027-02-15')).toEqual([]);
    expect(rules).not.toEqual(defaultStatusRules);
  });
});
