/** The tables of student records, as the queries of this folder read them. */
import type { Generated, GeneratedAlways } from 'kysely';

import type { Address, Email, PersonName, Phone } from '../contract/students.ts';
import type { Status } from '../contract/values.ts';
import type { UncountedEnrollment, StatusRule } from '../enrollment/status-decision.ts';

interface ContactColumns {
  readonly addresses: readonly Address[];
  readonly phones: readonly Phone[];
  readonly emails: readonly Email[];
}

interface PlacementColumns {
  readonly grade: string | null;
  readonly entity_id: number | null;
  readonly entity_name: string | null;
  readonly school_name: string | null;
  readonly school_state_id: string | null;
  readonly homeroom: string | null;
  readonly homeroom_teacher: string | null;
  readonly advisor: string | null;
}

interface NameColumns {
  readonly first_name: string | null;
  readonly middle_name: string | null;
  readonly last_name: string | null;
  readonly suffix: string | null;
}

interface StudentsTable extends ContactColumns, PlacementColumns, NameColumns {
  readonly district_id: number;
  readonly id: GeneratedAlways<number>;
  readonly skyward_id: number | null;
  readonly student_number: string | null;
  readonly state_id: string | null;
  readonly legal_first_name: string | null;
  readonly legal_middle_name: string | null;
  readonly legal_last_name: string | null;
  readonly legal_suffix: string | null;
  readonly other_names: readonly (PersonName & { readonly kind: string })[];
  readonly birth_date: string | null;
  readonly gender: string | null;
  readonly race: string | null;
  readonly ethnicity: string | null;
  readonly native_language: string | null;
  readonly home_language: string | null;
  readonly graduation_year: number | null;
  readonly status: Status;
  readonly status_rule: StatusRule | null;
  readonly status_decided_by: number | null;
  readonly status_left_out: readonly UncountedEnrollment[];
  readonly status_changes_on: string | null;
  readonly status_decided_on: string | null;
  /** The school year and settings that the decision was made under, as JSON text. */
  readonly status_decided_under: string | null;
  readonly first_run_id: number | null;
  readonly missing_since_run_id: number | null;
}

interface GuardiansTable extends ContactColumns, NameColumns {
  readonly district_id: number;
  readonly student_id: number;
  readonly skyward_id: number;
  readonly position: number;
  readonly relationship: string | null;
  readonly is_custodial: boolean | null;
  readonly lives_with: boolean | null;
  readonly is_emergency_contact: boolean | null;
  readonly allows_pickup: boolean | null;
  readonly has_family_access: boolean | null;
  readonly has_restricted_access: boolean | null;
  readonly language: string | null;
}

interface EnrollmentsTable extends PlacementColumns {
  readonly entity_id: number;
  readonly district_id: number;
  readonly student_id: number;
  readonly skyward_id: number;
  readonly school_year: number;
  readonly start_date: string | null;
  readonly end_date: string | null;
  readonly withdrawal_date: string | null;
  readonly withdrawal_code: string | null;
  readonly withdrawal_reason: string | null;
  readonly entry_code: string | null;
  readonly entry_reason: string | null;
  readonly is_default_entity: boolean;
  readonly calendar_end_date: string | null;
  readonly is_no_show: boolean | null;
  readonly enrolled_at_least_one_day: boolean | null;
}

/** What changed after a student was first seen. */
interface StudentChangesTable {
  readonly district_id: number;
  readonly student_id: number;
  readonly run_id: number;
  readonly record: 'student' | 'guardian' | 'enrollment';
}

interface DistrictsTable {
  readonly id: Generated<number>;
  readonly name: string;
  readonly domain: string;
  readonly time_zone: string;
}

interface ImportRunsTable {
  readonly district_id: number;
  readonly id: Generated<number>;
  readonly state: 'running' | 'published' | 'unchanged' | 'planned' | 'held' | 'failed';
  readonly is_dry_run: boolean;
  readonly today: string;
  readonly started_at: Temporal.Instant;
  readonly finished_at: Temporal.Instant | null;
  readonly report: unknown;
  readonly failure: unknown;
}

/** Table name -> row type, of what this folder reads. */
export type StudentTables = {
  districts: DistrictsTable;
  students: StudentsTable;
  guardians: GuardiansTable;
  enrollments: EnrollmentsTable;
  student_changes: StudentChangesTable;
  import_runs: ImportRunsTable;
};
