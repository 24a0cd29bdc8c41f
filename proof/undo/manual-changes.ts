/**
 * What users do between imports, and what an undo must then leave or restore.
 *
 * This folder proves that an undo restores every value.
 */
import type { Random } from '../../sandbox/random.ts';
import type { Database } from '../../src/database/database.ts';
import {
  type DistrictDatabase,
  writeInDistrict,
} from '../../src/database/district-and-school-scope.ts';
import {
  listNumberMatches,
  undoNumberMatch,
} from '../../src/students/duplicates/number-matches.ts';
import { restoreRemoved } from '../../src/students/manual/restore.ts';
import { setManualStatus } from '../../src/students/manual/status.ts';
import { readVersion } from '../../src/students/record/version.ts';
import type { MemoryRoster } from './memory-roster.ts';
import { rowsOf } from './memory-roster.ts';
import { readState, type State, type StudentState } from './published-state.ts';

const editor = { accountId: '00000000-0000-4000-8000-000000000001', name: 'Sam Poe' };

interface Scene {
  readonly database: Database;
  readonly districtId: number;
  readonly random: Random;
  readonly roster: MemoryRoster;
  readonly expectations: Expectations;
}

/** What happened by hand, by the last run before it. */
interface Event {
  readonly afterRunId: number;
  readonly kind: 'manual' | 'unmatched' | 'status' | 'restored';
  readonly studentId: number;
  /** The record right after it. */
  readonly state: StudentState | undefined;
  /** For an undone match: the run of the match. */
  readonly matchRunId?: number;
}

export interface Expectations {
  note(event: Event): void;
  after(
    moment: { readonly runId: number; readonly before: State },
    present: State,
    undoRunId: number,
  ): State;
}

export function createExpectations(): Expectations {
  const events: Event[] = [];
  return {
    note: (event) => events.push(event),
    after: ({ runId, before }, present, undoRunId) =>
      new Map(
        [...present].map(([id, now]) => [
          id,
          expectedRecord(
            { id, now, earlier: before.get(id), undoRunId },
            events.filter(({ studentId, afterRunId }) => studentId === id && afterRunId >= runId),
            runId,
          ),
        ]),
      ),
  };
}

const withColumns = (state: StudentState, columns: Record<string, unknown>): StudentState => ({
  ...state,
  student: { ...state.student, ...columns },
});

/** Returns what a record must be after the undo of run `runId`; `events` are those since. */
function expectedRecord(
  {
    now,
    earlier,
    undoRunId,
  }: {
    readonly id: number;
    readonly now: StudentState;
    readonly earlier: StudentState | undefined;
    readonly undoRunId: number;
  },
  events: readonly Event[],
  runId: number,
): StudentState {
  const isFromSkyward = Number(now.student['first_run_id'] ?? 0) >= runId;
  if (isFromSkyward)
    return withColumns(now, {
      missing_since_run_id: now.student['missing_since_run_id'] ?? undoRunId,
    });
  // The last that a user entered, while the record was a manual one.
  const manual = events.findLast(
    ({ kind, state }) =>
      kind === 'manual' || (kind === 'restored' && state?.student['skyward_id'] === null),
  )?.state;
  const unmatched = events.findLast(({ kind }) => kind === 'unmatched');
  if (unmatched?.state !== undefined) {
    const isManual = unmatched.state.student['skyward_id'] === null;
    if (isManual || (unmatched.matchRunId ?? 0) < runId) return manual ?? unmatched.state;
  }
  const wanted = manual ?? earlier ?? now;
  const status = events.findLast(({ kind }) => kind === 'status')?.state;
  if (
    status !== undefined &&
    wanted.student['missing_since_run_id'] !== null &&
    now.student['status_rule'] === null
  )
    return withColumns(wanted, {
      status: now.student['status'],
      status_rule: null,
      status_decided_by: now.student['status_decided_by'],
      status_left_out: now.student['status_left_out'],
      status_changes_on: now.student['status_changes_on'],
    });
  return wanted;
}

type Action = (scene: Scene, db: DistrictDatabase, afterRunId: number) => Promise<boolean>;

const findOne = async (
  { random }: Scene,
  db: DistrictDatabase,
  condition: string,
): Promise<number | undefined> => {
  const rows = await db.rows<{ id: number }>(
    `select id from students where district_id = $1 and ${condition} order by id`,
  );
  return rows[random.below(rows.length)]?.id;
};

const actions: Readonly<Record<string, Action>> = {
  'a note': async (scene, db) => {
    const id = await findOne(scene, db, 'true');
    if (id === undefined) return false;
    await db.execute(
      `insert into student_staff_values (district_id, student_id, field, value, changed_by, changed_by_name)
       values ($1, $2, 'notes', $3, $4, 'Sam Poe') on conflict (district_id, student_id, field)
       do update set value = excluded.value`,
      id,
      `Note ${scene.random.below(99)}`,
      editor.accountId,
    );
    return true;
  },
  'a document': async (scene, db) => {
    const id = await findOne(scene, db, 'true');
    if (id === undefined) return false;
    await db.execute(
      `insert into form_templates (district_id, form_key, version, definition) values ($1, 'proof', 1, '{}')
       on conflict do nothing`,
    );
    await db.execute(
      `insert into documents (district_id, student_id, form_key, form_version, title, fields, is_only_one,
         created_by, created_by_name, changed_by, changed_by_name)
       values ($1, $2, 'proof', 1, 'Plan', '{}', false, $3, 'Sam Poe', $3, 'Sam Poe')`,
      id,
      editor.accountId,
    );
    return true;
  },
  'a manual student': async (scene, db) => {
    // One whom Skyward will deliver later, or again, so that an import may match both.
    const hidden = rowsOf(scene.roster, 'students').filter((row) =>
      scene.roster.hidden.has(Number(row['skyward_id'])),
    );
    const row = hidden[scene.random.below(hidden.length)];
    const person = rowsOf(scene.roster, 'people').find(
      (one) => one['person_id'] === row?.['person_id'],
    );
    if (row === undefined || person === undefined) return false;
    const known = await db.rows(
      'select from students where district_id = $1 and student_number = $2',
      row['student_number'],
    );
    if (known.length > 0) return false;
    const added = await db.one<{ id: number }>(
      `insert into students (district_id, student_number, first_name, last_name, legal_first_name, legal_last_name,
         birth_date, status) values ($1, $2, $3, 'Typed', $3, 'Typed', $4, 'TRANSFERRED') returning id`,
      row['student_number'],
      person['first_name'],
      person['birth_date'],
    );
    const id = added?.id ?? 0;
    await db.execute(
      `insert into guardians (district_id, student_id, skyward_id, position, first_name)
       values ($1, $2, -1, 1, 'Typed')`,
      id,
    );
    await db.execute(
      `insert into hand_set_statuses (district_id, student_id, since, set_by_name)
       values ($1, $2, '2026-01-01', 'Sam Poe')`,
      id,
    );
    return true;
  },
  'an edit of a manual student': async (scene, db) => {
    const id = await findOne(scene, db, 'skyward_id is null');
    if (id === undefined) return false;
    await db.execute(
      'update students set gender = $3, home_language = $4 where district_id = $1 and id = $2',
      id,
      scene.random.pick(['F', 'M', 'X']),
      `Language ${scene.random.below(99)}`,
    );
    return true;
  },
  'a manual status': async (scene, db) => {
    const id = await findOne(
      scene,
      db,
      'skyward_id is not null and missing_since_run_id is not null',
    );
    if (id === undefined) return false;
    const context = { today: Temporal.PlainDate.from('2026-11-23'), editor };
    const outcome = await setManualStatus(db, context, id, await readVersion(db, id), {
      value: scene.random.pick(['TRANSFERRED', 'DROPPED_OUT', 'WITHDREW']),
      reason: null,
      since: '2026-11-01',
    });
    return outcome.state === 'set';
  },
  'a merge': async (scene, db) => {
    const removed = await findOne(
      scene,
      db,
      'skyward_id is null or missing_since_run_id is not null',
    );
    const kept = await findOne(
      scene,
      db,
      `skyward_id is not null and missing_since_run_id is null and id <> ${removed ?? 0}`,
    );
    if (kept === undefined || removed === undefined) return false;
    await db.client.query('select merge_students($1, $2, $3, $4, $5)', [
      kept,
      removed,
      [],
      editor.accountId,
      editor.name,
    ]);
    return true;
  },
};

/** Actions that change what the undo must restore. */
const undoings: Readonly<Record<string, Action>> = {
  'a merge undone': async (scene, db, afterRunId) => {
    const removal = await db.one<{ id: number; removed_id: number }>(
      `select id, removed_id from removed_students where district_id = $1 and restored_at is null
       and merged_into is not null order by id desc limit 1`,
    );
    if (removal === undefined) return false;
    const restored = await restoreRemoved(db, removal.id, { editor, isAdministrator: true });
    if (restored === undefined) return false;
    scene.expectations.note({
      afterRunId,
      kind: 'restored',
      studentId: restored.studentId,
      state: undefined,
    });
    return true;
  },
  'a match undone': async (scene, db, afterRunId) => {
    const [match] = await listNumberMatches(db);
    if (match === undefined || !(await undoNumberMatch(db, match, editor))) return false;
    scene.expectations.note({
      afterRunId,
      kind: 'unmatched',
      studentId: match.recordId,
      state: undefined,
      matchRunId: match.runId,
    });
    return true;
  },
};

/** Does one random thing that users do, after run `afterRunId`, and returns its kind. */
export async function changeByHand(scene: Scene, afterRunId: number): Promise<string> {
  const { database, districtId, random, expectations } = scene;
  const all = { ...actions, ...undoings };
  const kinds = Object.keys(all);
  const kind = kinds[random.below(kinds.length)] ?? '';
  const noted: Event[] = [];
  const noting: Scene = {
    ...scene,
    expectations: { ...expectations, note: (event) => noted.push(event) },
  };
  const before = await readState(database, districtId);
  const scope = { districtId, schools: null };
  let isDone = false;
  try {
    isDone = await writeInDistrict(database.pool, scope, async (db) =>
      (all[kind] as Action)(noting, db, afterRunId),
    );
  } catch (error) {
    // The number belongs to another record meanwhile: the user is told so, and nothing was changed.
    if (!/students_number_once|students_skyward_id_once/.test(String(error))) throw error;
  }
  if (!isDone) return 'nothing by hand';
  const after = await readState(database, districtId);
  for (const event of noted) expectations.note({ ...event, state: after.get(event.studentId) });
  for (const [id, state] of after) {
    if (noted.some(({ studentId }) => studentId === id)) continue;
    if (JSON.stringify(before.get(id)?.student) === JSON.stringify(state.student)) continue;
    const isManual = state.student['skyward_id'] === null;
    if (isManual || kind === 'a manual status')
      expectations.note({
        afterRunId,
        kind: isManual ? 'manual' : 'status',
        studentId: id,
        state,
      });
  }
  return kind;
}
