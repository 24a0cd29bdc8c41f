/** The student in Skyward; the person behind it is a Name. */
import type { QmlativObject } from './qmlativ-object.ts';
import { day, flag, id, text, wholeNumber } from './qmlativ-object.ts';

export const studentObjects = {
  Student: {
    module: 'Student',
    name: 'Student',
    key: 'StudentID',
    required: true,
    yearBound: false,
    fields: {
      StudentID: id.filled,
      NameID: id.filled,
      StudentNumber: text.needed,
      Grade: text.wanted,
      GradeNumeric: wholeNumber.wanted,
      GradYear: wholeNumber.wanted,
      GraduationDate: day.wanted,
      IsGraduated: flag.wanted,
      CalculatedStudentStateID: text.wanted,
      // The next three stand in no public access list; one refused request tells which are granted.
      StudentStateID: text.wanted,
      LanguageIDNative: id.wanted,
      LanguageIDPrimary: id.wanted,
    },
  },
} as const satisfies Record<string, QmlativObject>;
