/** What happens in Skyward between the import that everybody begins with and the one from a mutant. */
import type { Rows } from '../sandbox/district/rows.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** Edits a handful of students, withdraws one and adds one; nothing that a safety limit would hold. */
export function changeDistrict(sandbox: Sandbox): void {
  const people = sandbox.rows('Demographics/Name');
  const enrolled = enrolledStudents(sandbox);
  const student = (place: number) => enrolled[place] ?? fail('too few students');
  const personOf = (id: number) => Number(sandbox.rows('Student/Student').get(id, 'NameID'));

  people.update(personOf(student(0)), { LastName: 'Núñez-Łukasik', MiddleName: 'Renée' });
  people.update(personOf(student(1)), { MiddleName: null, BirthDate: '2012-02-29T00:00:00' });
  people.update(personOf(student(2)), { FirstName: 'Zoë', NameSuffixID: null });
  sandbox.rows('Student/Student').update(student(3), { GradYear: 2031 });

  const emails = sandbox.rows('Demographics/NameEmail');
  const links = sandbox.rows('Family/StudentGuardian');
  const [link = fail('no guardian')] = links.where('StudentID', student(4));
  const guardian = Number(links.get(link, 'NameIDGuardian'));
  links.update(link, {
    RelationshipID: otherThan(sandbox, Number(links.get(link, 'RelationshipID'))),
  });
  people.update(guardian, { MiddleName: 'Søren' });
  emails.insert({
    NameID: guardian,
    EmailAddress: 'guardian@mutant.example',
    EmailTypeID: 1,
    Rank: 7,
  });
  emails.insert({
    NameID: personOf(student(5)),
    EmailAddress: 'student@mutant.example',
    EmailTypeID: 2,
    Rank: 7,
  });

  withdraw(sandbox, student(6));
  addStudent(sandbox, student(7));
}

/** Students with an open enrollment of this school year, in the order of their ids. */
function enrolledStudents(sandbox: Sandbox): number[] {
  const spells = sandbox.rows('Enrollment/EntryWithdrawal');
  const links = sandbox.rows('Family/StudentGuardian');
  const open = new Set<number>();
  for (const id of spells.ids()) {
    const isOpen =
      spells.get(id, 'EndDate') === null &&
      String(spells.get(id, 'StartDate')).startsWith('2026-08') &&
      spells.get(id, 'IsDefaultEntity') === true;
    const student = Number(spells.get(id, 'StudentID'));
    if (isOpen && links.where('StudentID', student).length > 0) open.add(student);
  }
  return [...open].toSorted((one, other) => one - other);
}

function otherThan(sandbox: Sandbox, id: number): number {
  const ids = [...sandbox.rows('Demographics/Relationship').ids()];
  return ids.find((each) => each !== id) ?? fail('one relationship only');
}

function withdraw(sandbox: Sandbox, student: number): void {
  const spells = sandbox.rows('Enrollment/EntryWithdrawal');
  const codes = sandbox.rows('Enrollment/WithdrawalCode');
  for (const id of spells.where('StudentID', student)) {
    if (spells.get(id, 'EndDate') !== null) continue;
    const year = Number(spells.get(id, 'SchoolYearID'));
    const code = codes.where('SchoolYearID', year).find((each) => codes.get(each, 'Code') === '80');
    spells.update(id, {
      EndDate: '2026-11-13T00:00:00',
      WithdrawalCodeID: code ?? fail('no code 80'),
    });
  }
}

/** Another student in the place of one, with a guardian of their own. */
function addStudent(sandbox: Sandbox, like: number): void {
  const people = sandbox.rows('Demographics/Name');
  const students = sandbox.rows('Student/Student');
  const person = people.insert({
    FirstName: 'Chloé',
    MiddleName: 'Inès',
    LastName: 'Fjord',
    BirthDate: '2013-12-31T00:00:00',
    Gender: 'Female',
    GenderCode: 'F',
  });
  const guardian = people.insert({ FirstName: 'Åse', MiddleName: 'Linnéa', LastName: 'Fjord' });
  const student = students.insert({
    ...pick(students, like, ['Grade', 'GradeNumeric', 'GradYear']),
    NameID: person,
    StudentNumber: '99990001',
    CalculatedStudentStateID: '9999000001',
  });
  const kept = {
    'Enrollment/EntryWithdrawal': [
      'EntityID',
      'SchoolYearID',
      'StartDate',
      'IsDefaultEntity',
      'SchoolID',
      'EntryCodeID',
      'CalendarID',
    ],
    'Enrollment/StudentEntityYear': [
      'EntityID',
      'SchoolYearID',
      'IsActive',
      'IsDefaultEntity',
      'Grade',
      'HomeroomID',
    ],
  };
  for (const [path, fields] of Object.entries(kept)) {
    const rows = sandbox.rows(path);
    const newest = Math.max(...rows.where('StudentID', like));
    rows.insert({ ...pick(rows, newest, fields), StudentID: student });
  }
  const links = sandbox.rows('Family/StudentGuardian');
  links.insert({
    StudentID: student,
    NameIDGuardian: guardian,
    RelationshipID: Number([...sandbox.rows('Demographics/Relationship').ids()][0]),
    Rank: 1,
    IsCustodialGuardian: true,
    GuardianCategory: 'Primary',
  });
  for (const [NameID, EmailAddress] of [
    [person, 'chloe@mutant.example'],
    [guardian, 'ase@mutant.example'],
  ] as const)
    sandbox
      .rows('Demographics/NameEmail')
      .insert({ NameID, EmailAddress, EmailTypeID: 1, Rank: 1 });
}

function pick(rows: Rows, id: number, fields: readonly string[]) {
  return Object.fromEntries(fields.map((field) => [field, rows.get(id, field)]));
}

function fail(what: string): never {
  throw new RangeError(`The practice district does not fit: ${what}`);
}
