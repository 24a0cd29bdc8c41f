/** Events of people: names, addresses, phones, guardians. */
import { firstRelationshipId, relationships } from '../district/code-tables.ts';
import type { Value } from '../district/columns.ts';
import { communities, displayWord } from '../district/invented-words.ts';
import type { SimulatedDay, Candidate } from './simulated-day.ts';
import type { EventAction } from './enrollment-events.ts';
import { createPeopleColumns, firstAddressId } from '../district/people-columns.ts';
import { contactTables } from '../district/contact-tables.ts';
import { PeopleWriter } from '../district/people-writer.ts';
import type { Table } from '../district/table.ts';

/** Changes a student's name: surname, given name, or legal name. */
export const renameStudent: EventAction = (day) => {
  const candidate = day.choose(day.expectedOrPresent);
  if (candidate === undefined) return undefined;
  const { random } = day;
  const names = day.store.table('Demographics/Name');
  const row = names.findRow(candidate.student.nameId);
  if (row === undefined) return undefined;
  const community = random.pick(communities);
  const given = names.reader('GenderCode')(row) === 'M' ? community.male : community.female;
  const changes: Readonly<Record<string, Value>>[] = [
    { LastName: pickOtherSurname(day, names.reader('LastName')(row)) },
    { FirstName: displayWord(random.pick(given)) },
    {
      FirstNameLegal: displayWord(random.pick(given)),
      LastNameLegal: names.reader('LastName')(row),
      SpecifySeparateLegalName: true,
    },
  ];
  names.update(row, changes[random.below(5)] ?? changes[0] ?? {});
  return [candidate.student.id];
};

function pickOtherSurname({ random }: SimulatedDay, name: Value): string {
  const found = displayWord(random.pick(random.pick(communities).surnames));
  return found === name ? `${found}-Vale` : found;
}

/** Changes a guardian's surname. */
export const renameGuardian: EventAction = (day) => {
  const found = chooseGuardian(day);
  if (found === undefined) return undefined;
  const names = day.store.table('Demographics/Name');
  const row = names.findRow(found.guardianNameId);
  if (row === undefined) return undefined;
  names.update(row, { LastName: pickOtherSurname(day, names.reader('LastName')(row)) });
  return listStudentIds(day, found.guardianNameId);
};

/** Chooses a student and the first guardian. */
function chooseGuardian(
  day: SimulatedDay,
  isEligible: (candidate: Candidate) => boolean = () => true,
): { candidate: Candidate; guardianNameId: number } | undefined {
  const links = day.store.table('Family/StudentGuardian');
  const hasGuardian = ({ student }: Candidate): boolean =>
    links.rowsWhere('StudentID', student.id).length > 0;
  const candidate = day.choose(
    day.expectedOrPresent,
    (each) => hasGuardian(each) && isEligible(each),
  );
  const [link] = candidate === undefined ? [] : links.rowsWhere('StudentID', candidate.student.id);
  if (candidate === undefined || link === undefined) return undefined;
  return { candidate, guardianNameId: Number(links.reader('NameIDGuardian')(link)) };
}

/** Lists the students of a guardian, in all families. */
function listStudentIds(day: SimulatedDay, guardianNameId: number): number[] {
  const links = day.store.table('Family/StudentGuardian');
  const student = links.reader('StudentID');
  return Array.from(links.rowsWhere('NameIDGuardian', guardianNameId), (row) =>
    Number(student(row)),
  );
}

/** Moves a family: all residents of the student's first address get a new one. */
export const moveFamily: EventAction = (day) => {
  const homes = day.store.table('Demographics/NameAddress');
  const candidate = day.choose(
    day.expectedOrPresent,
    ({ student }) => homes.rowsWhere('NameID', student.nameId).length > 0,
  );
  const [home] = candidate === undefined ? [] : homes.rowsWhere('NameID', candidate.student.nameId);
  if (candidate === undefined || home === undefined) return undefined;
  const previousAddressId = homes.reader('AddressID')(home);
  const affected = Array.from(homes.rowsWhere('AddressID', previousAddressId));
  const AddressID = addAddress(day);
  for (const row of affected) homes.update(row, { AddressID });
  return [candidate.student.id];
};

/** Adds an address like the generator's, on an existing street. */
function addAddress(day: SimulatedDay): number {
  const columns = createPeopleColumns();
  new PeopleWriter(columns, day.random).address();
  const table = day.store.table('Demographics/Address');
  const base = new Map(contactTables(columns)).get('Demographics/Address');
  const values = Object.entries(base?.readers ?? {}).map(([field, read]) => [field, read(0)]);
  const id = table.idOf(table.insert(Object.fromEntries(values)));
  return Math.max(id, firstAddressId);
}

/** Changes a guardian's phone number. */
export const changePhone: EventAction = (day) => {
  const phones = day.store.table('Demographics/NamePhone');
  const found = chooseGuardian(day);
  if (found === undefined) return undefined;
  const { random } = day;
  const PhoneNumber = `806555${String(100 + random.below(100)).padStart(4, '0')}`;
  const [row] = phones.rowsWhere('NameID', found.guardianNameId);
  if (row !== undefined) phones.update(row, { PhoneNumber, Extension: null });
  return listStudentIds(day, found.guardianNameId);
};

/** Adds or changes a guardian's e-mail address. */
export const changeEmail: EventAction = (day) => {
  const emails = day.store.table('Demographics/NameEmail');
  const found = chooseGuardian(day);
  if (found === undefined) return undefined;
  const EmailAddress = `guardian.${day.date}.${found.guardianNameId}@example.net`;
  const [row] = emails.rowsWhere('NameID', found.guardianNameId);
  const types = day.store.table('Demographics/EmailType');
  if (row !== undefined) emails.update(row, { EmailAddress });
  else {
    emails.insert({
      NameID: found.guardianNameId,
      EmailAddress,
      EmailTypeID: types.idOf(0),
      Rank: 1,
      EmailConfirmed: false,
    });
  }
  return listStudentIds(day, found.guardianNameId);
};

/** Adds a guardian to a family, for all its children. */
export const addGuardian: EventAction = (day) => {
  const { store, random } = day;
  const ties = store.table('Family/StudentFamily');
  const found = chooseGuardian(
    day,
    ({ student }) => ties.rowsWhere('StudentID', student.id).length > 0,
  );
  const [tie] = found === undefined ? [] : ties.rowsWhere('StudentID', found.candidate.student.id);
  if (found === undefined || tie === undefined) return undefined;
  const familyId = Number(ties.reader('FamilyID')(tie));
  const children = Array.from(ties.rowsWhere('FamilyID', familyId), (row) =>
    Number(ties.reader('StudentID')(row)),
  );
  const links = store.table('Family/StudentGuardian');
  const counts = new Map(children.map((id) => [id, links.rowsWhere('StudentID', id).length]));
  const members = store.table('Family/FamilyGuardian');
  const count = members.rowsWhere('FamilyID', familyId).length;
  const relationship = random.pick(['Stepfather', 'Stepmother', 'Grandmother', 'Legal Guardian']);
  const nameId = addGuardianName(day, relationship);
  members.insert({ FamilyID: familyId, NameID: nameId, Rank: count + 1 });
  for (const StudentID of children) {
    links.insert({
      StudentID,
      NameIDGuardian: nameId,
      RelationshipID: firstRelationshipId + relationships.indexOf(relationship),
      Rank: (counts.get(StudentID) ?? 0) + 1,
      IsCustodialGuardian: false,
      AllowStudentPickup: true,
      AllowFamilyAccess: true,
      IsEmergencyContact: true,
    });
  }
  return children;
};

function addGuardianName({ store, random }: SimulatedDay, relationship: string): number {
  const community = random.pick(communities);
  const isMale = relationship === 'Stepfather';
  const names = store.table('Demographics/Name');
  return names.idOf(
    names.insert({
      FirstName: displayWord(random.pick(isMale ? community.male : community.female)),
      LastName: displayWord(random.pick(community.surnames)),
      Gender: isMale ? 'Male' : 'Female',
      GenderCode: isMale ? 'M' : 'F',
      IsGuardianName: true,
    }),
  );
}

/** Removes the last of several guardians, for all their children. */
export const removeGuardian: EventAction = (day) => {
  const { store } = day;
  const links = store.table('Family/StudentGuardian');
  const found = chooseGuardian(
    day,
    ({ student }) => links.rowsWhere('StudentID', student.id).length > 1,
  );
  if (found === undefined) return undefined;
  const last = links.rowsWhere('StudentID', found.candidate.student.id).at(-1);
  const nameId = Number(last === undefined ? 0 : links.reader('NameIDGuardian')(last));
  const students = listStudentIds(day, nameId);
  const gone = Array.from(links.rowsWhere('NameIDGuardian', nameId));
  const restrictions = store.table('Family/StudentGuardianRestrictedAccess');
  const restricted = gone.flatMap((row) =>
    Array.from(restrictions.rowsWhere('StudentGuardianID', links.idOf(row))),
  );
  const members = store.table('Family/FamilyGuardian');
  removeAll(members, Array.from(members.rowsWhere('NameID', nameId)));
  removeAll(restrictions, restricted);
  removeAll(links, gone);
  return students;
};

function removeAll(table: Table, rows: readonly number[]): void {
  for (const row of rows) table.remove(row);
}

/** Restricts a guardian from today on, as a court order does. */
export const restrictGuardian: EventAction = (day) => {
  const links = day.store.table('Family/StudentGuardian');
  const found = chooseGuardian(
    day,
    ({ student }) => links.rowsWhere('StudentID', student.id).length > 1,
  );
  if (found === undefined) return undefined;
  const link = links.rowsWhere('StudentID', found.candidate.student.id).at(-1);
  if (link === undefined) return undefined;
  day.store.table('Family/StudentGuardianRestrictedAccess').insert({
    StudentGuardianID: links.idOf(link),
    StartDate: day.editor.text(day.date),
    EndDate: null,
    Reason: 'Court order on file',
  });
  return [found.candidate.student.id];
};
