/** What happens to people beside their enrollments: names, homes, phones, guardians. */
import { firstRelationshipId, relationships } from './code-tables.ts';
import type { Value } from './columns.ts';
import { communities, spoken } from './invented-words.ts';
import type { Night, Place } from './night.ts';
import type { NightEvent } from './night-enrollment-events.ts';
import { createPeopleColumns, firstAddressId } from './people-columns.ts';
import { contactTables } from './contact-tables.ts';
import { PeopleWriter } from './people-writer.ts';
import type { Table } from './table.ts';

/** A student's own name changes: the surname, the given name, or the legal name beside it. */
export const studentRenamed: NightEvent = (night) => {
  const place = night.choose(night.belonging);
  if (place === undefined) return undefined;
  const { random } = night;
  const names = night.store.table('Demographics/Name');
  const row = names.findRow(place.pupil.nameId);
  if (row === undefined) return undefined;
  const community = random.pick(communities);
  const given = names.reader('GenderCode')(row) === 'M' ? community.male : community.female;
  const changes: Readonly<Record<string, Value>>[] = [
    { LastName: anotherName(night, names.reader('LastName')(row)) },
    { FirstName: spoken(random.pick(given)) },
    {
      FirstNameLegal: spoken(random.pick(given)),
      LastNameLegal: names.reader('LastName')(row),
      SpecifySeparateLegalName: true,
    },
  ];
  names.update(row, changes[random.below(5)] ?? changes[0] ?? {});
  return [place.pupil.id];
};

function anotherName({ random }: Night, name: Value): string {
  const found = spoken(random.pick(random.pick(communities).surnames));
  return found === name ? `${found}-Vale` : found;
}

/** A guardian's surname changes, for all children. */
export const guardianRenamed: NightEvent = (night) => {
  const found = chooseGuardian(night);
  if (found === undefined) return undefined;
  const names = night.store.table('Demographics/Name');
  const row = names.findRow(found.guardianNameId);
  if (row === undefined) return undefined;
  names.update(row, { LastName: anotherName(night, names.reader('LastName')(row)) });
  return studentsOf(night, found.guardianNameId);
};

/** A student of the district, and the first guardian. */
function chooseGuardian(
  night: Night,
  fits: (place: Place) => boolean = () => true,
): { place: Place; guardianNameId: number } | undefined {
  const links = night.store.table('Family/StudentGuardian');
  const hasGuardian = ({ pupil }: Place): boolean =>
    links.rowsWhere('StudentID', pupil.id).length > 0;
  const place = night.choose(night.belonging, (each) => hasGuardian(each) && fits(each));
  const [link] = place === undefined ? [] : links.rowsWhere('StudentID', place.pupil.id);
  if (place === undefined || link === undefined) return undefined;
  return { place, guardianNameId: Number(links.reader('NameIDGuardian')(link)) };
}

/** Students with this guardian, who may stand in several families. */
function studentsOf(night: Night, guardianNameId: number): number[] {
  const links = night.store.table('Family/StudentGuardian');
  const student = links.reader('StudentID');
  return Array.from(links.rowsWhere('NameIDGuardian', guardianNameId), (row) =>
    Number(student(row)),
  );
}

/** A family moves: everybody who lived at the student's first address lives at a new one. */
export const familyMoved: NightEvent = (night) => {
  const homes = night.store.table('Demographics/NameAddress');
  const place = night.choose(
    night.belonging,
    ({ pupil }) => homes.rowsWhere('NameID', pupil.nameId).length > 0,
  );
  const [home] = place === undefined ? [] : homes.rowsWhere('NameID', place.pupil.nameId);
  if (place === undefined || home === undefined) return undefined;
  const left = homes.reader('AddressID')(home);
  const affected = Array.from(homes.rowsWhere('AddressID', left));
  const AddressID = addAddress(night);
  for (const row of affected) homes.update(row, { AddressID });
  return [place.pupil.id];
};

/** A new address as the generator makes them, on the streets that are there. */
function addAddress(night: Night): number {
  const columns = createPeopleColumns();
  new PeopleWriter(columns, night.random).address();
  const table = night.store.table('Demographics/Address');
  const base = new Map(contactTables(columns)).get('Demographics/Address');
  const values = Object.entries(base?.readers ?? {}).map(([field, read]) => [field, read(0)]);
  const id = table.idOf(table.insert(Object.fromEntries(values)));
  return Math.max(id, firstAddressId);
}

/** A guardian has another phone number. */
export const phoneChanged: NightEvent = (night) => {
  const phones = night.store.table('Demographics/NamePhone');
  const found = chooseGuardian(night);
  if (found === undefined) return undefined;
  const { random } = night;
  const PhoneNumber = `806555${String(100 + random.below(100)).padStart(4, '0')}`;
  const [row] = phones.rowsWhere('NameID', found.guardianNameId);
  if (row !== undefined) phones.update(row, { PhoneNumber, Extension: null });
  return studentsOf(night, found.guardianNameId);
};

/** A guardian has an e-mail address, or another one. */
export const emailChanged: NightEvent = (night) => {
  const emails = night.store.table('Demographics/NameEmail');
  const found = chooseGuardian(night);
  if (found === undefined) return undefined;
  const EmailAddress = `guardian.${night.day}.${found.guardianNameId}@example.net`;
  const [row] = emails.rowsWhere('NameID', found.guardianNameId);
  const types = night.store.table('Demographics/EmailType');
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
  return studentsOf(night, found.guardianNameId);
};

/** A further guardian joins a family, for all its children. */
export const guardianJoined: NightEvent = (night) => {
  const { store, random } = night;
  const ties = store.table('Family/StudentFamily');
  const found = chooseGuardian(
    night,
    ({ pupil }) => ties.rowsWhere('StudentID', pupil.id).length > 0,
  );
  const [tie] = found === undefined ? [] : ties.rowsWhere('StudentID', found.place.pupil.id);
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
  const nameId = addGuardianName(night, relationship);
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

function addGuardianName({ store, random }: Night, relationship: string): number {
  const community = random.pick(communities);
  const isMale = relationship === 'Stepfather';
  const names = store.table('Demographics/Name');
  return names.idOf(
    names.insert({
      FirstName: spoken(random.pick(isMale ? community.male : community.female)),
      LastName: spoken(random.pick(community.surnames)),
      Gender: isMale ? 'Male' : 'Female',
      GenderCode: isMale ? 'M' : 'F',
      IsGuardianName: true,
    }),
  );
}

/** The last of several guardians is one no longer, for all children of both. */
export const guardianLeft: NightEvent = (night) => {
  const { store } = night;
  const links = store.table('Family/StudentGuardian');
  const found = chooseGuardian(
    night,
    ({ pupil }) => links.rowsWhere('StudentID', pupil.id).length > 1,
  );
  if (found === undefined) return undefined;
  const last = links.rowsWhere('StudentID', found.place.pupil.id).at(-1);
  const nameId = Number(last === undefined ? 0 : links.reader('NameIDGuardian')(last));
  const students = studentsOf(night, nameId);
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

/** A court order restricts a guardian from today on. */
export const guardianRestricted: NightEvent = (night) => {
  const links = night.store.table('Family/StudentGuardian');
  const found = chooseGuardian(
    night,
    ({ pupil }) => links.rowsWhere('StudentID', pupil.id).length > 1,
  );
  if (found === undefined) return undefined;
  const link = links.rowsWhere('StudentID', found.place.pupil.id).at(-1);
  if (link === undefined) return undefined;
  night.store.table('Family/StudentGuardianRestrictedAccess').insert({
    StudentGuardianID: links.idOf(link),
    StartDate: night.register.text(night.day),
    EndDate: null,
    Reason: 'Court order on file',
  });
  return [found.place.pupil.id];
};
