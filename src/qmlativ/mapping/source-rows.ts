/** Rows of Skyward Qmlativ as the mapping reads them, and the code tables it needs. */
import type { enrollmentObjects } from '../objects/enrollment-objects.ts';
import type { familyObjects } from '../objects/family-objects.ts';
import type { nameObjects } from '../objects/name-objects.ts';
import type { QmlativObject, RowOf } from '../objects/qmlativ-object.ts';
import type { studentObjects } from '../objects/student-objects.ts';
import type { CodeLabel } from './code-labels.ts';

type Id = number;

type FilledName<Row> = { [Name in keyof Row]: null extends Row[Name] ? never : Name }[keyof Row];

/** A row in which a field without a value may also be absent. */
type SourceRow<Object extends QmlativObject, Row = RowOf<Object>> = Pick<Row, FilledName<Row>> & {
  [Name in Exclude<keyof Row, FilledName<Row>>]?: Row[Name] | undefined;
};

export type QmlativName = SourceRow<(typeof nameObjects)['Name']>;
export type QmlativNameAlias = SourceRow<(typeof nameObjects)['NameAlias']>;
export type QmlativAddress = SourceRow<(typeof nameObjects)['Address']>;
export type QmlativNameAddress = SourceRow<(typeof nameObjects)['NameAddress']>;
export type QmlativNamePhone = SourceRow<(typeof nameObjects)['NamePhone']>;
export type QmlativNameEmail = SourceRow<(typeof nameObjects)['NameEmail']>;
export type QmlativStudent = SourceRow<(typeof studentObjects)['Student']>;
export type QmlativStudentGuardian = SourceRow<(typeof familyObjects)['StudentGuardian']>;
export type QmlativFamily = SourceRow<(typeof familyObjects)['Family']>;
export type QmlativStudentFamily = SourceRow<(typeof familyObjects)['StudentFamily']>;
export type QmlativFamilyGuardian = SourceRow<(typeof familyObjects)['FamilyGuardian']>;
export type QmlativStudentEntityYear = SourceRow<(typeof enrollmentObjects)['StudentEntityYear']>;
export type QmlativEntryWithdrawal = SourceRow<(typeof enrollmentObjects)['EntryWithdrawal']>;

/** The district's code tables by id, small enough to lie in memory while the large objects stream by. */
export interface QmlativCodes {
  readonly suffixes: ReadonlyMap<Id, CodeLabel>;
  readonly languages: ReadonlyMap<Id, CodeLabel>;
  readonly relationships: ReadonlyMap<Id, CodeLabel>;
  readonly phoneTypes: ReadonlyMap<Id, CodeLabel>;
  readonly emailTypes: ReadonlyMap<Id, CodeLabel>;
  readonly entryCodes: ReadonlyMap<Id, CodeLabel>;
  readonly withdrawalCodes: ReadonlyMap<Id, CodeLabel>;
  readonly counties: ReadonlyMap<Id, CodeLabel>;
  /** Names of streets with their direction. */
  readonly streets: ReadonlyMap<Id, string | null>;
  readonly zips: ReadonlyMap<
    Id,
    {
      readonly zip: string | null;
      readonly city: string | null;
      /** Undefined when its id leads nowhere. */
      readonly state: string | null | undefined;
      readonly country: string | null;
    }
  >;
  readonly entities: ReadonlyMap<Id, { readonly name: string | null }>;
  readonly schools: ReadonlyMap<
    Id,
    { readonly name: string | null; readonly stateId: string | null }
  >;
  /** School year id to the calendar year it ends in. */
  readonly schoolYears: ReadonlyMap<Id, number>;
  readonly calendarEndDates: ReadonlyMap<Id, string | null>;
  readonly homerooms: ReadonlyMap<
    Id,
    { readonly code: string | null; readonly staffId: Id | null }
  >;
  /** Staff id to the staff member's name record. */
  readonly staffPersonIds: ReadonlyMap<Id, Id>;
}
