/** The ways in which districts end, prepare and turn a school year in Skyward. */
import { toDay, type Day } from '../../sandbox/day.ts';
import { schoolDays, type Region } from './school-year.ts';

/** When the office enters the end of the enrollments of all students. */
const endings = ['in spring', 'on the last day', 'at the turn', 'never'] as const;
/** When the enrollments of all students of the next school year are made. */
const preparations = ['January', 'May', 'July', 'August'] as const;
/** What becomes of the next year's enrollment of a student who leaves. */
const staleRows = ['deleted', 'kept'] as const;
/** When the next school year becomes Skyward's current one. */
const turns = ['July 1', 'August 1', 'first day'] as const;
/** Whether the calendars with the days of school can be read. */
const calendars = ['told', 'not told'] as const;
/** What an end of year writes next to the end date. */
const marks = ['nothing', 'withdrawal date', 'code'] as const;

export interface Practice {
  readonly region: Region;
  readonly ending: (typeof endings)[number];
  readonly preparation: (typeof preparations)[number];
  readonly stale: (typeof staleRows)[number];
  readonly turn: (typeof turns)[number];
  readonly calendars: (typeof calendars)[number];
  readonly mark: (typeof marks)[number];
  /** A no-show is flagged and ends on its first day, or ends on the day before it. */
  readonly flagsNoShows: boolean;
}

/** Returns every combination; the regions and the flag of no-shows alternate. */
export function listPractices(): Practice[] {
  const all = endings.flatMap((ending) =>
    preparations.flatMap((preparation) =>
      staleRows.flatMap((stale) =>
        turns.flatMap((turn) =>
          calendars.flatMap((calendar) =>
            marks.map((mark) => ({ ending, preparation, stale, turn, calendars: calendar, mark })),
          ),
        ),
      ),
    ),
  );
  return all.map((practice, index) => ({
    ...practice,
    region: Math.floor(index / 3) % 2 === Math.floor(index / 36) % 2 ? 'south' : 'north',
    flagsNoShows: Math.floor(index / 6) % 2 === 0,
  }));
}

/** Returns the day from which a school year is Skyward's current one. */
export function turnOf({ turn, region }: Practice, numericYear: number): Day {
  if (turn === 'first day') return schoolDays(region, numericYear).first;
  return toDay(numericYear - 1, turn === 'July 1' ? 7 : 8, 1);
}

/** Returns the day on which the enrollments of all students of a school year are made. */
export function preparationOf({ preparation }: Practice, numericYear: number): Day {
  const [month, day] = preparationDays[preparation];
  return toDay(numericYear - 1, month, day);
}

const preparationDays = { January: [1, 15], May: [5, 10], July: [7, 10], August: [8, 5] } as const;

/** Returns the school year that is Skyward's current one on a day. */
export function currentYearOn(practice: Practice, day: Day, numericYear: number): number {
  return day >= turnOf(practice, numericYear + 1) ? numericYear + 1 : numericYear;
}
