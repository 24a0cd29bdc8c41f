/** Objects of enrollment: entity years, entries and withdrawals, and their codes. */
import { copied } from './copied-fields.ts';
import type { QmlativObject } from './qmlativ-object.ts';
import { code, day, flag, id, text } from './qmlativ-object.ts';

/** Entry and withdrawal codes get new ids every school year. */
export const enrollmentObjects = {
  EntryWithdrawal: {
    module: 'Enrollment',
    name: 'EntryWithdrawal',
    key: 'EntryWithdrawalID',
    required: true,
    yearBound: true,
    fields: {
      EntryWithdrawalID: id.filled,
      StudentID: id.filled,
      EntityID: id.filled,
      SchoolYearID: id.filled,
      StartDate: day.doubtful,
      EndDate: day.needed,
      WithdrawalDate: day.needed,
      WithdrawalCodeID: id.needed,
      IsDefaultEntity: flag.wanted,
      IsNoShow: flag.wanted,
      EnrolledAtLeastOneDay: flag.wanted,
      SchoolID: id.wanted,
      EntryCodeID: id.wanted,
      CalendarID: id.wanted,
      ...copied('enrollments'),
    },
  },
  WithdrawalCode: {
    module: 'Enrollment',
    name: 'WithdrawalCode',
    key: 'WithdrawalCodeID',
    required: true,
    yearBound: true,
    fields: {
      WithdrawalCodeID: id.filled,
      Code: code.needed,
      Description: text.wanted,
      SchoolYearID: id.wanted,
    },
  },
  EntryCode: {
    module: 'Enrollment',
    name: 'EntryCode',
    key: 'EntryCodeID',
    required: false,
    yearBound: true,
    fields: {
      EntryCodeID: id.filled,
      Code: code.needed,
      Description: text.wanted,
      SchoolYearID: id.wanted,
    },
  },
  StudentEntityYear: {
    module: 'Enrollment',
    name: 'StudentEntityYear',
    key: 'StudentEntityYearID',
    required: true,
    yearBound: true,
    fields: {
      StudentEntityYearID: id.filled,
      StudentID: id.filled,
      EntityID: id.filled,
      SchoolYearID: id.filled,
      ...copied('entity_years'),
      HomeroomID: id.wanted,
      StaffIDAdvisor: id.wanted,
    },
  },
} as const satisfies Record<string, QmlativObject>;
