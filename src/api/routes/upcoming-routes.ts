/** Routes of upcoming status changes: the forecast, changes on hold, and the setting of the next school year. */
import {
  type DateHold,
  type UpcomingDay,
  upcomingChangesApi,
} from '../../contract/imports/upcoming-changes.ts';
import {
  forecastReason,
  holdSentence,
  yearEndSentence,
} from '../../contract/imports/upcoming-text.ts';
import { notKnownSentence } from '../../contract/students/status-sentence.ts';
import { readSettings } from '../../districts/district-information.ts';
import { type NextSchoolYear, nextSchoolYears } from '../../enrollment/status-settings.ts';
import type { StoredForecast, UpcomingChange } from '../../import/publish/forecast-update.ts';
import {
  decideHold,
  findDateHold,
  findForecast,
  findMassChangeAhead,
  saveNextSchoolYear,
  type StoredHold,
} from '../../import/publish/upcoming-changes.ts';
import { ApiError } from '../api-error.ts';
import type { RouteContext } from '../route.ts';

/** Adds GET …/date-hold and …/upcoming-changes, POST …/date-holds/{id}/decision and …/next-school-year. */
export function addUpcomingRoutes({ route }: RouteContext): void {
  route(upcomingChangesApi.getDateHold, async ({ district }) =>
    district.read(async (database) => {
      const hold = await findDateHold(database);
      // Most of the time nothing is on hold; then the larger forecast is not read.
      const forecast = hold === undefined ? undefined : await findForecast(database);
      const isKnown = forecast !== undefined && forecast.nextYearStudents > 0;
      return {
        hold: hold === undefined ? null : toDateHold(hold),
        proposal: isKnown ? forecast.yearEnd.proposal : null,
        keptByProposal: isKnown ? (forecast.keptOnHold[forecast.yearEnd.proposal] ?? null) : null,
        ahead: (await findMassChangeAhead(database)) ?? null,
      };
    }),
  );

  route(upcomingChangesApi.getUpcomingChanges, async ({ district }) =>
    district.read(async (database) => {
      const hold = await findDateHold(database);
      const forecast = await findForecast(database);
      const { nextSchoolYear } = await readSettings(database);
      return {
        hold: hold === undefined ? null : toDateHold(hold),
        forecast: forecast === undefined ? null : toForecast(forecast, nextSchoolYear),
      };
    }),
  );

  route(upcomingChangesApi.decideDateHold, async ({ district, params, body, user }) => {
    const { choice, reason } = body;
    await district.write(async (database) => {
      const decision = { choice, by: user.name, reason };
      if (!(await decideHold(database, params.id, decision))) {
        throw new ApiError('conflict', 'These changes are no longer on hold.', {
          advice: 'Someone has decided about them, or the reason has gone. Refresh the page.',
        });
      }
      if (choice === 'next-year-counted') {
        const { setting, stayingCodes } = await findProposal(database);
        await saveNextSchoolYear(database, setting, stayingCodes);
        const detail = { setting, reason };
        await district.audit({ action: 'next-year-counted', detail }, database);
      } else {
        await district.audit({ action: 'status-hold-applied', detail: { reason } }, database);
      }
    });
    return { choice };
  });

  route(upcomingChangesApi.setNextSchoolYear, async ({ district, body: { setting } }) =>
    district.write(async (database) => {
      const forecast = await findForecast(database);
      // Under the other settings no code is looked at.
      const codes = setting === 'returning' ? (forecast?.yearEnd.stayingCodes ?? []) : [];
      const before = await saveNextSchoolYear(database, setting, codes);
      const detail = { setting, before };
      if (before !== setting) await district.audit({ action: 'next-year-set', detail }, database);
      return { setting, before };
    }),
  );
}

async function findProposal(database: Parameters<typeof findForecast>[0]) {
  const forecast = await findForecast(database);
  if (forecast === undefined || forecast.nextYearStudents === 0) {
    throw new ApiError(
      'not-possible',
      'No student has an enrollment of the next school year in Skyward yet.',
      { advice: 'Prepare the next school year in Skyward, or apply the changes.' },
    );
  }
  return { setting: forecast.yearEnd.proposal, stayingCodes: forecast.yearEnd.stayingCodes };
}

function toDateHold({
  id,
  since,
  reason,
  counts,
  decision,
  decidedBy,
  decidedAt,
}: StoredHold): DateHold {
  const changes = bySchool(counts).map(({ first: { from, to }, students, schools }) => ({
    from,
    to,
    students,
    schools,
  }));
  return {
    id,
    since,
    students: sum(counts),
    sentence: holdSentence(reason, since, changes),
    changes,
    decision:
      decision === null
        ? null
        : { choice: decision, by: decidedBy, at: decidedAt?.toString() ?? null },
  };
}

function toForecast(forecast: StoredForecast, present: NextSchoolYear) {
  const { asOf, schoolYear, yearEnd, nextYearStudents, changes, holds } = forecast;
  const later = changes[present].filter(({ on }) => on > asOf);
  const days = Map.groupBy(later, ({ on }) => on);
  return {
    asOf,
    schoolYear,
    isNextYearKnown: nextYearStudents > 0,
    unknown: nextYearStudents > 0 ? null : notKnownSentence(schoolYear + 1),
    yearEnd: yearEndSentence(yearEnd),
    stayingCodes: [...yearEnd.stayingCodes],
    settings: nextSchoolYears.map((setting) => ({
      setting,
      isPresent: setting === present,
      isProposed: setting === yearEnd.proposal,
      today: sum(changes[setting].filter(({ on }) => on <= asOf)),
      inactive: sum(changes[setting].filter(({ on, to }) => on > asOf && to === 'INACTIVE')),
    })),
    days: [...days].map(([on, list]): UpcomingDay => ({
      on,
      onHold: holds.find((hold) => hold.on === on)?.students ?? 0,
      changes: bySchool(list).map(({ first, students, schools }) => ({
        from: first.from,
        to: first.to,
        students,
        reason: forecastReason(first.reason, schoolYear),
        schools,
      })),
    })),
  };
}

const sum = (list: readonly { readonly students: number }[]): number =>
  list.reduce((total, { students }) => total + students, 0);

type SchoolCount = Pick<UpcomingChange, 'from' | 'to' | 'school' | 'students'> & {
  readonly reason?: UpcomingChange['reason'];
};

/** Joins the counts of schools that change alike, the most students first. */
function bySchool<Count extends SchoolCount>(counts: readonly Count[]) {
  return [...Map.groupBy(counts, ({ from, to, reason }) => `${from} ${to} ${reason}`).values()]
    .flatMap((list) => {
      const [first] = list;
      if (first === undefined) return [];
      const schools = list
        .map(({ school, students }) => ({ school, students }))
        .toSorted((a, b) => b.students - a.students);
      return [{ first, students: sum(list), schools }];
    })
    .toSorted((a, b) => b.students - a.students);
}
