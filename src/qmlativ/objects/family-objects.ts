/** Families in Skyward: the guardians of each student, and their order. */
import { copied } from './copied-fields.ts';
import type { QmlativObject } from './qmlativ-object.ts';
import { id, rank } from './qmlativ-object.ts';

export const familyObjects = {
  Family: {
    module: 'Family',
    name: 'Family',
    key: 'FamilyID',
    required: false,
    yearBound: false,
    fields: { FamilyID: id.filled, LanguageIDHome: id.wanted },
  },
  StudentFamily: {
    module: 'Family',
    name: 'StudentFamily',
    key: 'StudentFamilyID',
    required: false,
    yearBound: false,
    fields: {
      StudentFamilyID: id.filled,
      StudentID: id.filled,
      FamilyID: id.filled,
      Rank: rank.wanted,
    },
  },
  FamilyGuardian: {
    module: 'Family',
    name: 'FamilyGuardian',
    key: 'FamilyGuardianID',
    required: false,
    yearBound: false,
    fields: {
      FamilyGuardianID: id.filled,
      FamilyID: id.filled,
      NameID: id.filled,
      Rank: rank.wanted,
    },
  },
  StudentGuardian: {
    module: 'Family',
    name: 'StudentGuardian',
    key: 'StudentGuardianID',
    required: true,
    yearBound: false,
    fields: {
      StudentGuardianID: id.filled,
      StudentID: id.filled,
      NameIDGuardian: id.filled,
      RelationshipID: id.wanted,
      Rank: rank.wanted,
      ...copied('guardian_links'),
    },
  },
} as const satisfies Record<string, QmlativObject>;
