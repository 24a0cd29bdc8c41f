/** What Skyward shows of a student on a day: the rows that the office has made, ended and deleted. */
import type { Day } from '../../sandbox/day.ts';
import { preparationOf, turnOf, type Practice } from './practice.ts';
import { next, past, present, schoolDays } from './school-year.ts';
import type { RecordedStay, StudentStory } from './student-story.ts';

/** A row of Enrollment/EntryWithdrawal. */
export interface SkywardRow {
  readonly id: number;
  readonly schoolYear: number;
  readonly entity: number;
  readonly start: Day;
  readonly end: Day | null;
  readonly withdrawalDate: Day | null;
  readonly code: string | null;
  readonly isDefaultEntity: boolean;
  readonly isNoShow: boolean;
}

type RowEnd = Pick<SkywardRow, 'end' | 'withdrawalDate' | 'code' | 'isNoShow'>;

/** A row with everything that happens to it; an import sees it from the day after. */
export interface RowHistory {
  readonly row: Omit<SkywardRow, keyof RowEnd>;
  readonly changes: readonly { readonly on: Day; readonly end: RowEnd | 'deleted' }[];
}

const open: RowEnd = { end: null, withdrawalDate: null, code: null, isNoShow: false };
const summerSchoolEntity = 8;
const careerCenterEntity = 9;

/** Returns the rows that an import reads early on a day. */
export function rowsOn(histories: readonly RowHistory[], day: Day): SkywardRow[] {
  const rows: SkywardRow[] = [];
  for (const { row, changes } of histories) {
    const latest = changes.findLast(({ on }) => on < day);
    if (latest !== undefined && latest.end !== 'deleted') rows.push({ ...row, ...latest.end });
  }
  return rows;
}

/** Returns the days on which a row of the student changes. */
export function changeDays(histories: readonly RowHistory[]): Set<Day> {
  return new Set(histories.flatMap(({ changes }) => changes.map(({ on }) => on + 1)));
}

/** Returns the rows of a student under a practice, with their changes in order of days. */
export function writeRows(story: StudentStory, practice: Practice, firstId: number): RowHistory[] {
  const office = new Office(story, practice, firstId);
  for (const stay of story.stays) office.record(stay);
  if (story.attendsSummerSchool) office.recordSummerSchool();
  if (story.hasCourses) office.recordCourses();
  return office.finish();
}

interface OpenRow {
  readonly row: RowHistory['row'];
  readonly changes: { on: Day; end: RowEnd | 'deleted' }[];
}

/** The registrar's work for one student. */
class Office {
  readonly #story: StudentStory;
  readonly #practice: Practice;
  readonly #rows: OpenRow[] = [];
  #nextId: number;

  constructor(story: StudentStory, practice: Practice, firstId: number) {
    this.#story = story;
    this.#practice = practice;
    this.#nextId = firstId;
  }

  record(stay: RecordedStay): void {
    for (const year of [past, present, next]) {
      const days = this.#days(year);
      if (stay.first > days.last) continue;
      const created = this.#createdOn(stay, year);
      if (created === null) continue;
      const kept = this.#keptRow(year);
      const row = kept ?? this.#add(year, Math.max(stay.first, days.first), created);
      const isTheLast = stay.last !== null && stay.last < this.#days(year + 1).first;
      if (stay.last !== null && stay.last <= days.first) this.#cancel(row, stay, year);
      else if (isTheLast) this.#withdraw(row, stay, year, created);
      else this.#endYear(row, year, created);
      if (year === present) this.#changeSchool(row, year);
      if (year === next) this.#moveInSummer(row);
    }
  }

  recordSummerSchool(): void {
    const { last } = this.#days(present);
    const stay = this.#story.stays.find(({ isGraduate }) => isGraduate);
    const summer = this.#add(present, last + 10, last - 20, summerSchoolEntity, false);
    const end = last + 35;
    summer.changes.push({ on: last - 20, end: { ...open, end } });
    if (stay !== undefined) {
      summer.changes.push({ on: stay.entered, end: withdrawal(end, '01') });
    }
  }

  /** Courses at the career center, this year and next, whatever becomes of the student. */
  recordCourses(): void {
    for (const year of [present, next]) {
      const { first, last } = this.#days(year);
      const created = year === present ? first : preparationOf(this.#practice, year);
      const row = this.#add(year, first, created, careerCenterEntity, false);
      const end = this.#story.grade % 2 === 0 ? null : last;
      row.changes.push({ on: created, end: { ...open, end, code: 'CECS' } });
    }
  }

  finish(): RowHistory[] {
    // Of two changes on a day, the later one counts.
    for (const { changes } of this.#rows) changes.sort((one, other) => one.on - other.on);
    return this.#rows;
  }

  #days(year: number) {
    return schoolDays(this.#practice.region, year);
  }

  /** Returns the day on which the office makes the row of a year; null if there is no reason to. */
  #createdOn(stay: RecordedStay, year: number): Day | null {
    const { first } = this.#days(year);
    const prepared = preparationOf(this.#practice, year);
    const opens = Math.min(prepared, turnOf(this.#practice, year));
    const isKnown = (day: Day) => stay.last === null || day < stay.entered;
    if (stay.first >= first) {
      const created = Math.max(stay.registered, opens);
      return stay.last !== null && stay.last < first && created >= stay.entered ? null : created;
    }
    if (this.#story.grade === 12 && year === next) {
      if (!this.#story.isHeldBack) return null;
      return Math.max(this.#days(present).last + 5, opens);
    }
    // Who came last year has graduated or is gone by what the office knows.
    if (stay.isGraduate) return this.#days(year).first <= (stay.last ?? 0) ? prepared : null;
    const created = Math.max(prepared, stay.registered);
    return isKnown(created) ? created : null;
  }

  /** Returns the row that was left over from before a student came back. */
  #keptRow(year: number): OpenRow | undefined {
    if (this.#practice.stale === 'deleted') return undefined;
    const kept = this.#rows.find(({ row, changes }) => {
      const end = changes.at(-1)?.end;
      return row.schoolYear === year && end !== undefined && end !== 'deleted' && end.code === 'NS';
    });
    // The student comes, so that it is not canceled.
    kept?.changes.splice(1);
    return kept;
  }

  #add(year: number, start: Day, on: Day, entity = this.#entity(year), isDefaultEntity = true) {
    const id = this.#nextId++;
    const row = {
      row: { id, schoolYear: year, entity, start, isDefaultEntity },
      changes: [{ on, end: open }] as OpenRow['changes'],
    };
    this.#rows.push(row);
    return row;
  }

  /** Entity 1 is the elementary school, 2 the middle school, 3 the high school; 4 to 6 the others. */
  #entity(year: number): number {
    const grade = this.#story.grade + (this.#story.isHeldBack ? 0 : year - present);
    return grade <= 5 ? 1 : grade <= 8 ? 2 : 3;
  }

  /** Ends a row as those of all students at the end of the year. */
  #endYear({ changes }: OpenRow, year: number, created: Day): void {
    const { last } = this.#days(year);
    const on = this.#endingDay(year);
    if (on !== null) changes.push({ on: Math.max(on, created), end: this.#yearEnd(last) });
  }

  #endingDay(year: number): Day | null {
    const { last } = this.#days(year);
    const days = {
      'in spring': last - 85,
      'on the last day': last,
      'at the turn': turnOf(this.#practice, year + 1) - 1,
      never: null,
    };
    return days[this.#practice.ending];
  }

  #yearEnd(end: Day): RowEnd {
    const { mark } = this.#practice;
    if (mark === 'nothing') return { ...open, end };
    return { ...withdrawal(end, 'YE'), code: mark === 'code' ? 'YE' : null };
  }

  /** The student leaves in this year or in the summer after it. */
  #withdraw(row: OpenRow, stay: RecordedStay, year: number, created: Day): void {
    const { last } = this.#days(year);
    const end = Math.min(stay.last ?? last, last);
    // Graduates are ended with all others, or when school is over.
    const isWithAll = stay.isGraduate && stay.last === last;
    const entered = isWithAll ? (this.#endingDay(year) ?? last) : stay.entered;
    if (!isWithAll) this.#endYear(row, year, created);
    const before = row.changes.filter(({ on }) => on < entered);
    row.changes.splice(0, row.changes.length, ...before, {
      on: Math.max(entered, created),
      end: withdrawal(end, stay.code),
    });
  }

  /** A prepared enrollment to which the student does not come. */
  #cancel(row: OpenRow, stay: RecordedStay, year: number): void {
    const { first } = this.#days(year);
    const isNotice = stay.last !== null && stay.last < first;
    if (isNotice && this.#practice.stale === 'deleted') {
      row.changes.push({ on: stay.entered, end: 'deleted' });
      return;
    }
    const end = this.#practice.flagsNoShows ? first : first - 1;
    row.changes.push({
      on: isNotice ? first + 7 : stay.entered,
      end: {
        end,
        withdrawalDate: first,
        code: 'NS',
        isNoShow: this.#practice.flagsNoShows,
      },
    });
  }

  #changeSchool(row: OpenRow, year: number): void {
    const change = this.#story.changesSchool;
    if (change === null) return;
    const second = this.#add(year, change.last + 1, change.last, row.row.entity + 3);
    second.changes.push(...row.changes.filter(({ on }) => on >= change.last));
    const before = row.changes.filter(({ on }) => on < change.last);
    const known = before.at(-1)?.end;
    if (known !== undefined && known !== 'deleted' && known.end !== null) {
      second.changes.push({ on: change.last, end: known });
    }
    row.changes.splice(0, row.changes.length, ...before, {
      on: change.last,
      end: withdrawal(change.last, change.code),
    });
  }

  /** The family registers at another school in summer, in place of the prepared enrollment. */
  #moveInSummer(row: OpenRow): void {
    const move = this.#story.movesInSummer;
    if (move === null) return;
    const { first } = this.#days(next);
    const created = row.changes[0]?.on ?? 0;
    const entity = row.row.entity + 3;
    if (created <= move.on) {
      row.changes.splice(1);
      this.#add(next, first, move.on, entity);
      this.#cancel(row, this.#stayOfMove(move.on), next);
    } else {
      this.#rows.splice(this.#rows.indexOf(row), 1);
      this.#add(next, first, created, entity);
    }
    const old = this.#rows.find(({ row: { schoolYear } }) => schoolYear === present);
    if (move.code === null || old === undefined) return;
    old.changes.splice(0, old.changes.length, ...old.changes.filter(({ on }) => on < move.on), {
      on: move.on,
      end: withdrawal(this.#days(present).last, move.code),
    });
  }

  #stayOfMove(on: Day): RecordedStay {
    return { registered: 0, first: 0, last: on, isGraduate: false, code: 'NS', entered: on };
  }
}

/** The end of a row whose student leaves: out of membership on the day after the last day. */
function withdrawal(end: Day, code: string): RowEnd {
  return { end, withdrawalDate: end + 1, code, isNoShow: false };
}
