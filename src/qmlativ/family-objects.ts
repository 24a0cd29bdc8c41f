/** Families in Skyward: who guards which student, in which order, and whom to call. */
import type { QmlativObject } from './qmlativ-object.ts';
import { day, flag, id, text, wholeNumber } from './qmlativ-object.ts';

/** Restrictions and emergency contacts stand in no public access list, so the night can do without both. */
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
      Rank: wholeNumber.wanted,
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
      Rank: wholeNumber.wanted,
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
      Rank: wholeNumber.wanted,
      IsCustodialGuardian: flag.wanted,
      IsEmergencyContact: flag.wanted,
      AllowFamilyAccess: flag.wanted,
      AllowStudentPickup: flag.wanted,
      GuardianCategory: text.wanted,
      HasActiveRestrictedAccess: flag.wanted,
    },
  },
  StudentGuardianRestrictedAccess: {
    module: 'Family',
    name: 'StudentGuardianRestrictedAccess',
    key: 'StudentGuardianRestrictedAccessID',
    required: false,
    yearBound: false,
    fields: {
      StudentGuardianRestrictedAccessID: id.filled,
      StudentGuardianID: id.filled,
      StartDate: day.wanted,
      EndDate: day.wanted,
    },
  },
  EmergencyContact: {
    module: 'Demographics',
    name: 'EmergencyContact',
    key: 'EmergencyContactID',
    required: false,
    yearBound: false,
    fields: {
      EmergencyContactID: id.filled,
      NameID: id.filled,
      NameIDEmergencyContact: id.filled,
      RelationshipID: id.wanted,
      Rank: wholeNumber.wanted,
      AllowPickUp: flag.wanted,
    },
  },
} as const satisfies Record<string, QmlativObject>;
