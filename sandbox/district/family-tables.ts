/** Tables of families, guardians and emergency contacts over the columns. */
import { firstLanguageId, firstRelationshipId } from './code-tables.ts';
import { createDayWriter } from '../day.ts';
import {
  bitReader,
  dayReader,
  firstFamilyId,
  firstStudentGuardianId,
  rights,
  type PeopleColumns,
} from './people-columns.ts';
import type { TableBase } from './table.ts';

/** Returns the tables of a student's families, guardians and contacts. */
export function familyTables(columns: PeopleColumns): [string, TableBase][] {
  const { families, familyGuardians, studentFamilies, studentGuardians, restrictions } = columns;
  const write = createDayWriter();
  const right = (bit: number) => bitReader(studentGuardians.rights, bit);
  return [
    ['Demographics/EmergencyContact', contactTable(columns)],
    [
      'Family/Family',
      {
        firstId: firstFamilyId,
        count: families.language.length,
        readers: { LanguageIDHome: (row) => firstLanguageId + families.language.at(row) },
      },
    ],
    [
      'Family/FamilyGuardian',
      {
        firstId: 1_500_001,
        count: familyGuardians.name.length,
        readers: {
          FamilyID: (row) => familyGuardians.family.at(row),
          NameID: (row) => familyGuardians.name.at(row),
          Rank: (row) => familyGuardians.rank.at(row),
        },
      },
    ],
    [
      'Family/StudentFamily',
      {
        firstId: 1_700_001,
        count: studentFamilies.student.length,
        readers: {
          FamilyID: (row) => studentFamilies.family.at(row),
          StudentID: (row) => studentFamilies.student.at(row),
          Rank: (row) => studentFamilies.rank.at(row),
          ReceivesForms: (row) => studentFamilies.rank.at(row) === 1,
          AllowStudentPickup: () => true,
          IsCustodialGuardian: () => true,
          IsPrimaryEmergencyContact: (row) => studentFamilies.rank.at(row) === 1,
        },
      },
    ],
    [
      'Family/StudentGuardian',
      {
        firstId: firstStudentGuardianId,
        count: studentGuardians.student.length,
        readers: {
          StudentID: (row) => studentGuardians.student.at(row),
          NameIDGuardian: (row) => studentGuardians.name.at(row),
          RelationshipID: (row) => firstRelationshipId + studentGuardians.relationship.at(row),
          Rank: (row) => studentGuardians.rank.at(row),
          IsCustodialGuardian: right(rights.custody),
          AllowStudentPickup: right(rights.pickup),
          AllowFamilyAccess: right(rights.portal),
          IsEmergencyContact: right(rights.emergency),
        },
      },
    ],
    [
      'Family/StudentGuardianRestrictedAccess',
      {
        firstId: 61,
        count: restrictions.link.length,
        readers: {
          StudentGuardianID: (row) => restrictions.link.at(row),
          StartDate: dayReader(restrictions.start, write),
          EndDate: dayReader(restrictions.end, write),
          Reason: () => 'Court order on file',
        },
      },
    ],
  ];
}

function contactTable({ contacts }: PeopleColumns): TableBase {
  return {
    firstId: 2_100_001,
    count: contacts.name.length,
    readers: {
      NameID: (row) => contacts.name.at(row),
      NameIDEmergencyContact: (row) => contacts.contact.at(row),
      RelationshipID: (row) => firstRelationshipId + contacts.relationship.at(row),
      Rank: (row) => contacts.rank.at(row),
      AllowPickUp: () => true,
    },
  };
}
