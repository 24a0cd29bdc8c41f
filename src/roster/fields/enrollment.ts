/** Fields of an enrollment. */
import type { Field } from './catalog.ts';
import { calendars, entities, entryCodes, homerooms, schools } from './code-tables.ts';
import { schoolFields } from './school.ts';

export const enrollmentFields = {
  entityId: {
    ...schoolFields.entityId,
    filled: true,
    staged: 'enrollments',
    sources: ['EntityID'],
    whenMissing: 'ignore',
  },
  entityName: {
    ...schoolFields.entityName,
    staged: 'enrollments',
    sources: ['EntityID', entities, `${entities}.Name`],
  },
  schoolName: {
    ...schoolFields.schoolName,
    staged: 'enrollments',
    sources: ['SchoolID', schools, `${schools}.Name`],
    fallback: 'entity_name',
  },
  schoolStateId: {
    ...schoolFields.schoolStateId,
    staged: 'enrollments',
    sources: ['SchoolID', schools, `${schools}.StateAssignedID`],
  },
  schoolYear: {
    column: 'school_year',
    type: 'integer',
    label: 'School year',
    filled: true,
    staged: 'enrollments',
    sources: ['SchoolYearID'],
    whenMissing: 'ignore',
  },
  startDate: {
    column: 'start_date',
    type: 'date',
    label: 'Start date',
    staged: 'enrollments',
    sources: ['StartDate'],
    whenMissing: 'ignore',
  },
  endDate: {
    column: 'end_date',
    type: 'date',
    label: 'End date',
    staged: 'enrollments',
    sources: ['EndDate'],
    whenMissing: 'hold',
  },
  withdrawalDate: {
    column: 'withdrawal_date',
    type: 'date',
    label: 'Withdrawal date',
    staged: 'enrollments',
    sources: ['WithdrawalDate'],
    whenMissing: 'hold',
  },
  withdrawalCode: {
    column: 'withdrawal_code',
    type: 'text',
    label: 'Withdrawal code',
    staged: 'enrollments',
    sources: ['WithdrawalCodeID'],
    whenMissing: 'hold',
  },
  withdrawalReason: {
    column: 'withdrawal_reason',
    type: 'text',
    label: 'Withdrawal reason',
    staged: 'enrollments',
    sources: ['Enrollment/WithdrawalCode.Description'],
  },
  entryCode: {
    column: 'entry_code',
    type: 'text',
    label: 'Entry code',
    staged: 'enrollments',
    sources: ['EntryCodeID', entryCodes],
  },
  entryReason: {
    column: 'entry_reason',
    type: 'text',
    label: 'Entry reason',
    staged: 'enrollments',
    sources: ['EntryCodeID', entryCodes, `${entryCodes}.Description`],
  },
  isDefaultEntity: {
    column: 'is_default_entity',
    type: 'boolean',
    label: 'Main school',
    filled: true,
    staged: 'enrollments',
    sources: ['IsDefaultEntity'],
    hidesLoss: true,
  },
  calendarEndDate: {
    column: 'calendar_end_date',
    type: 'date',
    label: 'Last day of the calendar',
    staged: 'enrollments',
    sources: ['CalendarID', calendars, `${calendars}.EndDate`],
  },
  /** True or unknown. */
  isNoShow: {
    column: 'is_no_show',
    type: 'boolean',
    label: 'No-show',
    staged: 'enrollments',
    sources: ['IsNoShow'],
  },
  /** False or unknown; known only after the enrollment has ended. */
  enrolledAtLeastOneDay: {
    column: 'enrolled_at_least_one_day',
    type: 'boolean',
    label: 'Attended',
    staged: 'enrollments',
    sources: ['EnrolledAtLeastOneDay'],
  },
  grade: { ...schoolFields.grade, staged: 'entity_years', copies: 'Grade', reads: 'code' },
  homeroom: {
    ...schoolFields.homeroom,
    staged: 'entity_years',
    sources: ['HomeroomID', homerooms],
  },
  homeroomTeacher: {
    ...schoolFields.homeroomTeacher,
    needs: ['entity_years.homeroom_teacher_person_id'],
  },
  advisor: { ...schoolFields.advisor, needs: ['entity_years.advisor_person_id'] },
} as const satisfies Readonly<Record<string, Field>>;
