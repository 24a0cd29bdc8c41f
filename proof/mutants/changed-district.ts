/** Changes the sandbox district between the import in the default forms and the one from a mutant. */
import type { Rows } from '../../sandbox/district/rows.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';

/** Edits a few students, withdraws one and adds one; too few to exceed a safety limit. */
export function changeDistrict(sandbox: Sandbox): void {
  const people = sandbox.rows('Demographics/Name');
  const enrolled = enrolledStudents(sandbox);
  const student = (place: number) => enrolled[place] ?? fail('too few students');
  const findNameId = (id: number) => Number(sandbox.rows('Student/Student').get(id, 'NameID'));

  people.update(findNameId(student(0)), { LastName: 'Núñez-Łukasik', MiddleName: 'Renée' });
  people.update(findNameId(student(1)), { MiddleName: null, BirthDate: '2012-02-29T00:00:00' });
  people.update(findNameId(student(2)), { FirstName: 'Zoë', NameSuffixID: null });
  sandbox.rows('Student/Student').update(student(3), { GradYear: 2031 });

  const emails = sandbox.rows('Demographics/NameEmail');
  const links = sandbox.rows('Family/StudentGuardian');
  const [link = fail('no guardian')] = links.where('StudentID', student(4));
  const guardian = Number(links.get(link, 'NameIDGuardian'));
  links.update(link, {
    RelationshipID: findOtherRelationship(sandbox, Number(links.get(link, 'RelationshipID'))),
  });
  people.update(guardian, { MiddleName: 'Søren' });
  emails.insert({
    NameID: guardian,
    EmailAddress: 'guardian@mutant.example',
    EmailTypeID: 1,
    Rank: 7,
  });
  emails.insert({
    NameID: findNameId(student(5)),
    EmailAddress: 'student@mutant.example',
    EmailTypeID: 2,
    Rank: 7,
  });

  withdraw(sandbox, student(6));
  addStudent(sandbox, student(7));
}

/** Returns students with an open enrollment of this school year, by id. */
function enrolledStudents(sandbox: Sandbox): number[] {
  const enrollments = sandbox.rows('Enrollment/EntryWithdrawal');
  const links = sandbox.rows('Family/StudentGuardian');
  const open = new Set<number>();
  for (const id of enrollments.ids()) {
    const isOpen =
      enrollments.get(id, 'EndDate') === null &&
      String(enrollments.get(id, 'StartDate')).startsWith('2026-08') &&
      enrollments.get(id, 'IsDefaultEntity') === true;
    const student = Number(enrollments.get(id, 'StudentID'));
    if (isOpen && links.where('StudentID', student).length > 0) open.add(student);
  }
  return [...open].toSorted((one, other) => one - other);
}

function findOtherRelationship(sandbox: Sandbox, id: number): number {
  const ids = [...sandbox.rows('Demographics/Relationship').ids()];
  return ids.find((each) => each !== id) ?? fail('one relationship only');
}

function withdraw(sandbox: Sandbox, student: number): void {
  const enrollments = sandbox.rows('Enrollment/EntryWithdrawal');
  const codes = sandbox.rows('Enrollment/WithdrawalCode');
  for (const id of enrollments.where('StudentID', student)) {
    if (enrollments.get(id, 'EndDate') !== null) continue;
    const year = Number(enrollments.get(id, 'SchoolYearID'));
    const code = codes.where('SchoolYearID', year).find((each) => codes.get(each, 'Code') === '80');
    enrollments.update(id, {
      EndDate: '2026-11-13T00:00:00',
      WithdrawalCodeID: code ?? fail('no code 80'),
    });
  }
}

/** Adds a student with enrollments like those of another one, and a guardian. */
function addStudent(sandbox: Sandbox, templateStudent: number): void {
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
    ...pick(students, templateStudent, ['Grade', 'GradeNumeric', 'GradYear']),
    NameID: person,
    StudentNumber: '99990001',
    CalculatedStudentStateID: '9999000001',
  });
  const copiedFields = {
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
  for (const [path, fields] of Object.entries(copiedFields)) {
    const rows = sandbox.rows(path);
    const newest = Math.max(...rows.where('StudentID', templateStudent));
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
  throw new RangeError(`The sandbox district is not suitable: ${what}`);
}
