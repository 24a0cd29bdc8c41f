/** Row types of students, guardians and enrollments for this folder's queries. */
import type { Address, Email, Phone } from '../../contract/students/students.ts';
import type { Status, PersonName } from '../../contract/values.ts';
import type { StatusRule, UncountedEnrollment } from '../../enrollment/status-decision.ts';
import {
  type ColumnValues,
  placementColumns,
  studentColumns,
} from '../../roster/fields/columns.ts';
import type { enrollmentFields } from '../../roster/fields/enrollment.ts';
import type { guardianFields } from '../../roster/fields/guardian.ts';
import type { studentFields } from '../../roster/fields/student.ts';

/** Element types of the catalog's list fields. */
interface Lists {
  addresses: Address[];
  phones: Phone[];
  emails: Email[];
  names: (PersonName & { kind: string })[];
}

export type StudentFieldColumns = ColumnValues<typeof studentFields, Lists>;

/** The import's status decision, and the settings it used. */
export interface DecisionColumns {
  readonly status: Status;
  readonly status_rule: StatusRule | null;
  readonly status_decided_by: number | null;
  readonly status_left_out: readonly UncountedEnrollment[];
  readonly status_changes_on: string | null;
  /** The school year and settings of the decision, as JSON text. */
  readonly status_decided_under: string | null;
}

export interface StudentRecord extends StudentFieldColumns, DecisionColumns {
  readonly id: number;
  readonly skyward_id: number | null;
  readonly first_run_id: number | null;
  readonly missing_since_run_id: number | null;
}

export interface StoredGuardian extends ColumnValues<typeof guardianFields, Lists> {
  readonly skyward_id: number;
}

export interface StoredEnrollment extends ColumnValues<typeof enrollmentFields, Lists> {
  readonly skyward_id: number;
}

/** The record's columns of `students s`, listed because the import also stores internal columns there. */
export const recordColumns: string = [
  'id',
  'skyward_id',
  ...studentColumns,
  ...placementColumns,
  'status',
  'status_rule',
  'status_decided_by',
  'status_left_out',
  'status_changes_on',
  'status_decided_under',
  'first_run_id',
  'missing_since_run_id',
]
  .map((column) => `s.${column}`)
  .join(', ');
