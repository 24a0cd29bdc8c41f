/** Objects of the district: entities, schools, school years, calendars, staff, homerooms. */
import type { QmlativObject } from './qmlativ-object.ts';
import { code, day, flag, id, namePart, year } from './qmlativ-object.ts';

/** Rows of School, Calendar and Homeroom get new ids every school year. */
export const districtObjects = {
  Entity: {
    module: 'District',
    name: 'Entity',
    key: 'EntityID',
    required: true,
    yearBound: false,
    fields: {
      EntityID: id.filled,
      Code: code.wanted,
      Name: namePart.needed,
    },
  },
  SchoolYear: {
    module: 'District',
    name: 'SchoolYear',
    key: 'SchoolYearID',
    required: true,
    yearBound: false,
    fields: {
      SchoolYearID: id.filled,
      NumericYear: year.filled,
      IsCurrentYearForProvidedEntity: flag.wanted,
    },
  },
  School: {
    module: 'Enrollment',
    name: 'School',
    key: 'SchoolID',
    required: true,
    yearBound: true,
    fields: {
      SchoolID: id.filled,
      SchoolYearID: id.needed,
      Name: namePart.needed,
      StateAssignedID: code.wanted,
    },
  },
  Calendar: {
    module: 'Attendance',
    name: 'Calendar',
    key: 'CalendarID',
    required: false,
    yearBound: true,
    fields: {
      CalendarID: id.filled,
      SchoolYearID: id.wanted,
      EndDate: day.wanted,
    },
  },
  Homeroom: {
    module: 'Enrollment',
    name: 'Homeroom',
    key: 'HomeroomID',
    required: false,
    yearBound: true,
    fields: {
      HomeroomID: id.filled,
      Code: code.needed,
      SchoolYearID: id.wanted,
      StaffID: id.wanted,
    },
  },
  Staff: {
    module: 'Staff',
    name: 'Staff',
    key: 'StaffID',
    required: false,
    yearBound: false,
    fields: { StaffID: id.filled, NameID: id.filled },
  },
} as const satisfies Record<string, QmlativObject>;
