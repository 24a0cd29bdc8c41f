/** Inserts districts, runs and students directly, for tests that are not about the import. */
import type { Address, Email, Phone } from '../../src/contract/students/students.ts';
import type { Status, PersonName } from '../../src/contract/values.ts';
import type { Database } from '../../src/database/database.ts';
import type { UncountedEnrollment, StatusRule } from '../../src/enrollment/status-decision.ts';

type Pool = Pick<Database, 'pool'>;

/** Inserts a district and returns its id. */
export async function insertDistrict(
  { pool }: Pool,
  district: { readonly domain?: string; readonly name?: string; readonly timeZone?: string } = {},
): Promise<number> {
  const {
    domain = 'demo.example',
    name = 'Demo District',
    timeZone = 'America/Chicago',
  } = district;
  return insert(pool, 'districts', { domain, name, time_zone: timeZone });
}

/** Columns of a run that a test sets; the default is a published import. */
export interface RunRow {
  readonly state?: string;
  readonly is_dry_run?: boolean;
  readonly today?: string;
  readonly started_at?: string;
  readonly finished_at?: string | null;
  readonly report?: unknown;
  readonly failure?: unknown;
  readonly origin?: string;
  readonly requested_by?: string;
  readonly undoes_run_id?: number;
  readonly undo_reason?: string;
}

/** Inserts an import run and returns its id. */
export async function insertRun({ pool }: Pool, districtId: number, run: RunRow = {}) {
  return insert(pool, 'import_runs', {
    district_id: districtId,
    state: 'published',
    phase: 'report',
    today: '2026-11-23',
    started_at: '2026-11-23T08:00:00Z',
    finished_at: '2026-11-23T08:05:00Z',
    ...run,
  });
}

interface ContactRow {
  readonly addresses?: readonly Address[];
  readonly phones?: readonly Phone[];
  readonly emails?: readonly Email[];
}

export interface GuardianRow extends ContactRow {
  readonly first_name?: string;
  readonly last_name?: string;
  readonly relationship?: string;
  readonly is_custodial?: boolean;
  readonly lives_with?: boolean;
  readonly is_emergency_contact?: boolean;
  readonly allows_pickup?: boolean;
  readonly has_restricted_access?: boolean;
  readonly language?: string;
}

export interface EnrollmentRowGiven {
  readonly skyward_id: number;
  readonly school_year?: number;
  readonly start_date?: string;
  readonly end_date?: string;
  readonly withdrawal_date?: string;
  readonly withdrawal_code?: string;
  readonly withdrawal_reason?: string;
  readonly is_default_entity?: boolean;
  readonly school_name?: string;
  readonly grade?: string;
}

/** Columns of `students`, and records that belong to a student. */
export interface StudentInput extends ContactRow {
  readonly skyward_id?: number;
  readonly student_number?: string;
  readonly entity_id?: number;
  readonly state_id?: string;
  readonly first_name?: string;
  readonly middle_name?: string;
  readonly last_name?: string;
  readonly suffix?: string;
  readonly legal_first_name?: string;
  readonly legal_middle_name?: string;
  readonly legal_last_name?: string;
  readonly other_names?: readonly (PersonName & { readonly kind: string })[];
  readonly birth_date?: string;
  readonly gender?: string;
  readonly race?: string;
  readonly ethnicity?: string;
  readonly native_language?: string;
  readonly home_language?: string;
  readonly graduation_year?: number;
  readonly grade?: string;
  readonly school_name?: string;
  readonly homeroom?: string;
  readonly homeroom_teacher?: string;
  readonly status?: Status;
  readonly status_rule?: StatusRule | null;
  readonly status_decided_by?: number;
  readonly status_left_out?: readonly UncountedEnrollment[];
  readonly status_changes_on?: string;
  readonly first_run_id?: number;
  readonly missing_since_run_id?: number;
  readonly guardians?: readonly GuardianRow[];
  readonly enrollments?: readonly EnrollmentRowGiven[];
}

/** Inserts a student with guardians (numbered in order) and enrollments; returns the student's id. */
export async function insertStudent(
  { pool }: Pool,
  districtId: number,
  { guardians = [], enrollments = [], ...student }: StudentInput = {},
): Promise<number> {
  const id = await insert(pool, 'students', {
    district_id: districtId,
    first_name: 'Ada',
    last_name: 'Example',
    status: 'ENROLLED',
    status_rule: 'current-enrollment',
    ...student,
  });
  const owner = { district_id: districtId, student_id: id };
  for (const [index, guardian] of guardians.entries()) {
    await insert(pool, 'guardians', {
      ...owner,
      skyward_id: id * 100 + index,
      position: index + 1,
      ...guardian,
    });
  }
  for (const enrollment of enrollments) {
    await insert(pool, 'enrollments', {
      ...owner,
      entity_id: 401,
      school_year: 2027,
      start_date: '2026-08-12',
      is_default_entity: true,
      ...enrollment,
    });
  }
  return id;
}

/** Inserts a row and returns its `id`, or 0 for a table without one. */
async function insert(
  pool: Database['pool'],
  table: string,
  row: Readonly<Record<string, unknown>>,
): Promise<number> {
  const input = Object.entries(row).filter(([, value]) => value !== undefined);
  const names = input.map(([name]) => name).join(', ');
  const places = input.map((_, index) => `$${index + 1}`).join(', ');
  const values = input.map(([, value]) =>
    typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
  );
  const returning = table === 'guardians' || table === 'enrollments' ? '0 as id' : 'id';
  const { rows } = await pool.query<{ id: number }>(
    `insert into ${table} (${names}) values (${places}) returning ${returning}`,
    values,
  );
  return rows[0]?.id ?? 0;
}
