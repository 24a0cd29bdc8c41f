/** Skyward Qmlativ's students, guardians, families and enrollments as staged rows. Pure. */
import { lastDayOfRow } from '../../enrollment/enrollment-span.ts';
import { dayNumberOf, plausibleDay } from '../../enrollment/plausible-day.ts';
import type {
  QmlativCodes,
  QmlativEntryWithdrawal,
  QmlativFamily,
  QmlativFamilyGuardian,
  QmlativStudent,
  QmlativStudentEntityYear,
  QmlativStudentFamily,
  QmlativStudentGuardian,
} from './source-rows.ts';
import type { RemarkKind } from '../../roster/row-problem.ts';
import type { StagedRow } from '../../roster/staged-rows.ts';
import { findLabel, unresolvedFields } from './code-labels.ts';
import { createCopy } from './copied-values.ts';

const copyStudents = createCopy('students');
const copyGuardianLinks = createCopy('guardian_links');
const copyEntityYears = createCopy('entity_years');
const copyEnrollments = createCopy('enrollments');

/** The rank of a row without one: last. */
const lastRank = 2_147_483_647;

/** Maps a student; names and birth date come from the name record. */
export function stagedStudent(student: QmlativStudent, codes: QmlativCodes): StagedRow<'students'> {
  const language = findLabel(codes.languages, student.LanguageIDNative);
  return copyStudents(student, {
    skyward_id: student.StudentID,
    person_id: student.NameID,
    student_number: student.StudentNumber ?? null,
    state_id: student.CalculatedStudentStateID ?? student.StudentStateID ?? null,
    native_language: language ?? null,
    unresolved: language === undefined ? 'LanguageIDNative' : null,
  });
}

/** Maps a guardian's link to a student, with the guardian's permissions. */
export function stagedGuardianLink(
  link: QmlativStudentGuardian,
  codes: QmlativCodes,
): StagedRow<'guardian_links'> {
  const relationship = findLabel(codes.relationships, link.RelationshipID);
  return copyGuardianLinks(link, {
    skyward_id: link.StudentGuardianID,
    student_skyward_id: link.StudentID,
    person_id: link.NameIDGuardian,
    rank: link.Rank ?? null,
    relationship: relationship ?? null,
    unresolved: relationship === undefined ? 'RelationshipID' : null,
  });
}

/** A household with the language spoken in it. */
export function stagedFamily(family: QmlativFamily, codes: QmlativCodes): StagedRow<'families'> {
  const language = findLabel(codes.languages, family.LanguageIDHome);
  return {
    family_id: family.FamilyID,
    home_language: language ?? null,
    unresolved: language === undefined ? 'LanguageIDHome' : null,
  };
}

/** A student's place in a household; rank 1 is the household the student lives in. */
export function stagedFamilyStudent(link: QmlativStudentFamily): StagedRow<'family_students'> {
  return {
    family_id: link.FamilyID,
    student_skyward_id: link.StudentID,
    rank: link.Rank ?? lastRank,
  };
}

/** A guardian's place in a household. */
export function stagedFamilyGuardian(link: QmlativFamilyGuardian): StagedRow<'family_guardians'> {
  return { family_id: link.FamilyID, person_id: link.NameID, rank: link.Rank ?? lastRank };
}

/** A reference that the received code tables do not contain, by the name of its field. */
export class UnknownReference {
  readonly unknownReference: 'SchoolYearID' | 'WithdrawalCodeID';
  constructor(field: 'SchoolYearID' | 'WithdrawalCodeID') {
    this.unknownReference = field;
  }
}

/** A student's year in an entity. */
export function stagedEntityYear(
  year: QmlativStudentEntityYear,
  codes: QmlativCodes,
): StagedRow<'entity_years'> | UnknownReference {
  const schoolYear = codes.schoolYears.get(year.SchoolYearID);
  if (schoolYear === undefined) return new UnknownReference('SchoolYearID');
  const homeroom = year.HomeroomID == null ? null : codes.homerooms.get(year.HomeroomID);
  const findPersonId = (staffId: number | null | undefined) =>
    staffId == null ? null : codes.staffPersonIds.get(staffId);
  const teacher = findPersonId(homeroom?.staffId);
  const advisor = findPersonId(year.StaffIDAdvisor);
  return copyEntityYears(year, {
    entity_year_id: year.StudentEntityYearID,
    student_skyward_id: year.StudentID,
    entity_id: year.EntityID,
    school_year: schoolYear,
    homeroom: homeroom?.code ?? null,
    homeroom_teacher_person_id: teacher ?? null,
    advisor_person_id: advisor ?? null,
    unresolved: unresolvedFields(
      homeroom === undefined && 'HomeroomID',
      teacher === undefined && 'Enrollment/Homeroom.StaffID',
      advisor === undefined && 'StaffIDAdvisor',
    ),
  });
}

/**
 * An enrollment. The withdrawal code is resolved to its text (R36 and R40 compare codes, never
 * ids). A code that was not received, or has no text, is never taken for no code: it could be CECS.
 */
export function stagedEnrollment(
  enrollment: QmlativEntryWithdrawal,
  codes: QmlativCodes,
  scope: { readonly today: string; readonly schoolYear: number },
): StagedRow<'enrollments'> | UnknownReference {
  const schoolYear = codes.schoolYears.get(enrollment.SchoolYearID);
  if (schoolYear === undefined) return new UnknownReference('SchoolYearID');
  const withdrawal =
    enrollment.WithdrawalCodeID == null
      ? null
      : codes.withdrawalCodes.get(enrollment.WithdrawalCodeID);
  if (withdrawal === undefined || withdrawal?.code === null)
    return new UnknownReference('WithdrawalCodeID');
  const school = enrollment.SchoolID == null ? null : codes.schools.get(enrollment.SchoolID);
  const entity = codes.entities.get(enrollment.EntityID);
  const entityName = entity?.name ?? null;
  const entry =
    enrollment.EntryCodeID == null ? null : codes.entryCodes.get(enrollment.EntryCodeID);
  const calendarEnd =
    enrollment.CalendarID == null ? null : codes.calendarEndDates.get(enrollment.CalendarID);
  const dates = {
    start_date: plausibleDay(enrollment.StartDate),
    end_date: plausibleDay(enrollment.EndDate),
    withdrawal_date: plausibleDay(enrollment.WithdrawalDate),
    calendar_end_date: plausibleDay(calendarEnd),
  };
  return copyEnrollments(enrollment, {
    skyward_id: enrollment.EntryWithdrawalID,
    student_skyward_id: enrollment.StudentID,
    entity_id: enrollment.EntityID,
    entity_name: entityName,
    school_name: school?.name ?? entityName,
    school_state_id: school?.stateId ?? null,
    school_year: schoolYear,
    start_date: dates.start_date,
    end_date: dates.end_date,
    withdrawal_date: dates.withdrawal_date,
    withdrawal_code: withdrawal?.code ?? null,
    withdrawal_reason: withdrawal?.description ?? null,
    entry_code: entry?.code ?? null,
    entry_reason: entry?.description ?? null,
    is_default_entity: enrollment.IsDefaultEntity === true,
    calendar_end_date: dates.calendar_end_date,
    is_no_show: enrollment.IsNoShow === true ? true : null,
    enrolled_at_least_one_day:
      enrollment.EnrolledAtLeastOneDay === false && isOver(dates, schoolYear, scope) ? false : null,
    unresolved: unresolvedFields(
      entity === undefined && 'EntityID',
      school === undefined && 'SchoolID',
      entry === undefined && 'EntryCodeID',
      calendarEnd === undefined && 'CalendarID',
    ),
  });
}

/** Returns whether the enrollment had ended when it was read; before that, attendance is unknown. */
function isOver(
  dates: Pick<
    StagedRow<'enrollments'>,
    'start_date' | 'end_date' | 'withdrawal_date' | 'calendar_end_date'
  >,
  schoolYear: number,
  scope: { readonly today: string; readonly schoolYear: number },
): boolean {
  const start = dayNumberOrNull(dates.start_date);
  if (start === null) return false;
  const row = {
    schoolYear,
    start,
    end: dayNumberOrNull(dates.end_date),
    withdrawal: dayNumberOrNull(dates.withdrawal_date),
    calendarEnd: dayNumberOrNull(dates.calendar_end_date),
  };
  return lastDayOfRow(row, scope.schoolYear) < dayNumberOf(scope.today);
}

const dayNumberOrNull = (day: string | null) => (day === null ? null : dayNumberOf(day));

/** Returns the problems of a usable enrollment, with the field to correct. */
export function enrollmentRemarks(
  enrollment: QmlativEntryWithdrawal,
): readonly { readonly kind: RemarkKind; readonly field: string }[] {
  if (plausibleDay(enrollment.StartDate) === null) {
    return [{ kind: 'start-date-unreadable', field: 'StartDate' }];
  }
  const [end, withdrawal] = [
    plausibleDay(enrollment.EndDate),
    plausibleDay(enrollment.WithdrawalDate),
  ];
  return end !== null && withdrawal !== null && withdrawal < end
    ? [{ kind: 'withdrawn-before-end', field: 'EndDate' }]
    : [];
}
