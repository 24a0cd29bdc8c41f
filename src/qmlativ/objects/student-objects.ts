/** The student object; the person behind it is a Name. */
import { copied } from './copied-fields.ts';
import type { QmlativObject } from './qmlativ-object.ts';
import { code, id } from './qmlativ-object.ts';

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
      StudentNumber: code.needed,
      ...copied('students'),
      CalculatedStudentStateID: code.wanted,
      // The next two are in no public access list; a rejected request shows which are allowed.
      StudentStateID: code.wanted,
      LanguageIDNative: id.wanted,
    },
  },
} as const satisfies Record<string, QmlativObject>;
