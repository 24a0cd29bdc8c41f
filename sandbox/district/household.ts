/** Generates a household: guardians, children, families, addresses and phones. */
import { languages, relationships } from './code-tables.ts';
import { toDay, type Day } from '../day.ts';
import { histories, historyKinds, type HistoryKind } from './enrollment-history.ts';
import { communities, type Community } from './invented-words.ts';
import {
  firstFamilyId,
  firstStudentGuardianId,
  firstStudentId,
  rights,
  roles,
} from './people-columns.ts';
import type { PeopleWriter } from './people-writer.ts';
import type { SchoolPlan } from './school-plan.ts';

/** Living arrangement of a child; its share is its number of entries out of a hundred. */
type Arrangement =
  'together' | 'divorced' | 'one-parent' | 'grandparents' | 'foster' | 'restricted';

/** A written child, for the enrollment writer. `grade` is that of the current year, 14 after the last. */
export interface Child {
  readonly studentId: number;
  readonly kind: HistoryKind;
  readonly grade: number;
  readonly zone: number;
}

interface Guardian {
  readonly nameId: number;
  readonly relationship: string;
  readonly rights: number;
  readonly isRestricted: boolean;
}

/** Links a household to the next one: a father with children in both. */
export interface HouseholdLink {
  sharedGuardian: number | undefined;
}

const allRights = rights.custody | rights.pickup | rights.portal | rights.emergency;
const shares = historyKinds.flatMap((kind) =>
  Array.from({ length: histories[kind].share }, () => kind),
);

/** Writes households one after the other. The caller restarts `writer.random`. */
export class HouseholdWriter {
  readonly #writer: PeopleWriter;
  readonly #plan: SchoolPlan;
  readonly #link: HouseholdLink = { sharedGuardian: undefined };

  constructor(writer: PeopleWriter, plan: SchoolPlan) {
    this.#writer = writer;
    this.#plan = plan;
  }

  /** Writes one household and returns its children by StudentID; `eldest` sets the first one's kind. */
  write(eldest?: HistoryKind): Child[] {
    const { random } = this.#writer;
    const community = random.pick(communities);
    const surname = this.#writer.surname(community);
    const arrangement = this.#arrangement();
    const home = this.#writer.address();
    const guardians = this.#guardians(arrangement, community, surname, home);
    const language = this.#language(community);
    const families = this.#families(arrangement, guardians, language);
    const zone = random.below(1 << 20);
    const contact = random.chance(0.7) ? this.#contact(community) : undefined;
    const count = [1, 1, 1, 1, 1, 2, 2, 2, 3, random.chance(0.3) ? 5 : 4][random.below(10)] ?? 1;
    const children: Child[] = [];
    const isTwins = count > 1 && random.chance(0.05);
    let twin: { grade: number; birth: Day } | undefined;
    for (let createBirthDate = 0; createBirthDate < count; createBirthDate += 1) {
      const kind = createBirthDate === 0 && eldest !== undefined ? eldest : this.#kind();
      const grade = isTwins && twin !== undefined ? twin.grade : this.#grade(kind);
      const birth = isTwins && twin !== undefined ? twin.birth : this.#birth(grade);
      if (isTwins) twin = { grade, birth };
      const childSurname = arrangement === 'foster' ? this.#writer.surname(community) : surname;
      const studentId = this.#createBirthDate({
        kind,
        grade,
        birth,
        surname: childSurname,
        community,
        language,
      });
      this.#linkFamily(studentId, home, guardians, families, arrangement);
      if (contact !== undefined) this.#addContact(studentId, contact);
      children.push({ studentId, kind, grade, zone });
    }
    return children;
  }

  #arrangement(): Arrangement {
    const drawn = this.#writer.random.below(100);
    if (drawn < 62) return 'together';
    if (drawn < 77) return 'divorced';
    if (drawn < 93) return 'one-parent';
    if (drawn < 96) return 'grandparents';
    return drawn < 98 ? 'foster' : 'restricted';
  }

  #kind(): HistoryKind {
    const written = this.#writer.columns.students.name.length;
    const { random } = this.#writer;
    return historyKinds[written] ?? shares[random.below(shares.length)] ?? 'open';
  }

  #grade(kind: HistoryKind): number {
    const { random } = this.#writer;
    if (kind === 'graduated' || kind === 'graduated-returning') return 14;
    if (kind === 'cecs-and-home' || kind === 'cecs-alone') return random.between(10, 13);
    if (kind === 'cecs-after-leaving') return random.between(12, 14);
    if (kind === 'early-registration') return random.below(2);
    if (kind === 'left-long-ago') return random.between(3, 14);
    // All others may have been here a year ago.
    return kind === 'future' || kind === 'started-today' ? random.below(14) : random.between(1, 13);
  }

  /** Returns a birth date. A student of grade index g (0 is PK) is about g + 4 years old when the year starts. */
  #birth(grade: number): Day {
    const year = (this.#plan.years[this.#plan.current]?.numericYear ?? 2000) - 1;
    return toDay(year - grade - 5, 9, 1) + this.#writer.random.below(365);
  }

  #language(community: Community): number {
    const { random } = this.#writer;
    if (!random.chance(community.homeLanguage === 'es' ? 0.6 : 0.8)) return 0;
    return random.chance(0.01) ? 6 : languages.indexOf(community.homeLanguage);
  }

  #createBirthDate(createBirthDate: {
    kind: HistoryKind;
    grade: number;
    birth: Day;
    surname: string;
    community: Community;
    language: number;
  }): number {
    const { random } = this.#writer;
    const { students } = this.#writer.columns;
    const nameId = this.#writer.person({
      sex: random.chance(0.01) ? 2 : random.below(2),
      surname: createBirthDate.surname,
      community: createBirthDate.community,
      birth: createBirthDate.birth,
      role: roles.student,
      race: this.#writer.race(createBirthDate.community),
    });
    const currentYear = this.#plan.years[this.#plan.current]?.numericYear ?? 2000;
    const isGraduate =
      createBirthDate.kind === 'graduated' || createBirthDate.kind === 'graduated-returning';
    students.name.push(nameId);
    students.grade.push(Math.min(13, createBirthDate.grade));
    students.gradYear.push(currentYear + 13 - createBirthDate.grade);
    students.language.push(createBirthDate.language);
    students.history.push(historyKinds.indexOf(createBirthDate.kind));
    students.hasStateId.push(random.chance(0.99) ? 1 : 0);
    students.isGraduated.push(isGraduate ? 1 : 0);
    students.graduation.push(
      isGraduate ? (this.#plan.years[this.#plan.current - 1]?.last ?? null) : null,
    );
    this.#writer.email(nameId, 1);
    if (random.chance(0.25)) this.#writer.phones(nameId, 1);
    return firstStudentId + students.name.length - 1;
  }

  #adult(community: Community, surname: string, sex: number, role: number): number {
    const { random } = this.#writer;
    const year = this.#plan.years[this.#plan.current]?.numericYear ?? 2000;
    return this.#writer.person({
      sex,
      surname,
      community,
      birth: random.chance(0.4)
        ? toDay(year - random.between(26, 58), 1, 1) + random.below(365)
        : null,
      role,
      race: 0,
    });
  }

  #guardian(
    community: Community,
    surname: string,
    relationship: string,
    address: number,
    changes: Partial<Guardian> = {},
  ): Guardian {
    const { random } = this.#writer;
    const sex = /father|Father|Uncle/u.test(relationship)
      ? 1
      : relationship === 'Foster Parent'
        ? random.below(2)
        : 0;
    const nameId = this.#adult(community, surname, sex, roles.guardian);
    this.#writer.addAddressLink(nameId, address, 3);
    this.#writer.phones(nameId, 1 + random.below(3));
    if (random.chance(0.85)) this.#writer.email(nameId, 0);
    if (random.chance(0.15)) this.#writer.email(nameId, 2, 2);
    return { nameId, relationship, rights: allRights, isRestricted: false, ...changes };
  }

  #guardians(
    arrangement: Arrangement,
    community: Community,
    surname: string,
    home: number,
  ): Guardian[] {
    const { random } = this.#writer;
    const add = (
      relationship: string,
      address = home,
      changes: Partial<Guardian> = {},
    ): Guardian => {
      const ownSurname = random.chance(0.2) ? this.#writer.surname(community) : surname;
      return this.#guardian(community, ownSurname, relationship, address, changes);
    };
    const makers: Record<Arrangement, () => Guardian[]> = {
      together: () => [add('Mother'), add(random.chance(0.08) ? 'Stepfather' : 'Father')],
      divorced: () => this.#divorced(add),
      'one-parent': () => [add(random.chance(0.85) ? 'Mother' : 'Father')],
      grandparents: () => [add('Grandmother'), add('Grandfather')],
      foster: () => [add('Foster Parent'), add('Foster Parent')],
      restricted: () => [
        add('Mother'),
        add('Father', this.#writer.address(), { rights: 0, isRestricted: true }),
      ],
    };
    return makers[arrangement]();
  }

  /** Adds parents at two addresses; sometimes the father also belongs to an earlier household. */
  #divorced(add: (relationship: string, address?: number) => Guardian): Guardian[] {
    const { random } = this.#writer;
    const mother = add('Mother');
    const shared = this.#link.sharedGuardian;
    this.#link.sharedGuardian = undefined;
    if (shared !== undefined) {
      const father = { nameId: shared, relationship: 'Father', rights: allRights };
      return [mother, { ...father, isRestricted: false }];
    }
    const father = add('Father', this.#writer.address());
    if (random.chance(0.3)) this.#link.sharedGuardian = father.nameId;
    return random.chance(0.3) ? [mother, father, add('Stepfather')] : [mother, father];
  }

  /** Returns families as lists of guardians; a second one if a parent lives elsewhere. */
  #families(arrangement: Arrangement, guardians: readonly Guardian[], language: number): number[] {
    const { families, familyGuardians } = this.#writer.columns;
    const livesApart = arrangement === 'divorced' || arrangement === 'restricted';
    const groups = livesApart
      ? [guardians.filter((_, place) => place !== 1), guardians.slice(1, 2)]
      : [guardians];
    return groups.map((group) => {
      families.language.push(language);
      const familyId = firstFamilyId + families.language.length - 1;
      for (const [place, guardian] of group.entries()) {
        familyGuardians.family.push(familyId);
        familyGuardians.name.push(guardian.nameId);
        familyGuardians.rank.push(place + 1);
      }
      return familyId;
    });
  }

  #linkFamily(
    studentId: number,
    home: number,
    guardians: readonly Guardian[],
    families: readonly number[],
    arrangement: Arrangement,
  ): void {
    const { random, columns } = this.#writer;
    const nameId = columns.students.name.at(studentId - firstStudentId) ?? 0;
    const hasOtherMail = random.chance(0.03);
    this.#writer.addAddressLink(nameId, home, hasOtherMail ? 5 : 7);
    if (hasOtherMail) this.#writer.addAddressLink(nameId, this.#writer.address(), 2);
    for (const [place, familyId] of families.entries()) {
      columns.studentFamilies.family.push(familyId);
      columns.studentFamilies.student.push(studentId);
      columns.studentFamilies.rank.push(place + 1);
    }
    const links = columns.studentGuardians;
    for (const [place, guardian] of guardians.entries()) {
      links.student.push(studentId);
      links.name.push(guardian.nameId);
      links.relationship.push(Math.max(0, relationships.indexOf(guardian.relationship)));
      links.rights.push(
        arrangement === 'foster' ? guardian.rights & ~rights.portal : guardian.rights,
      );
      links.rank.push(place + 1);
      if (guardian.isRestricted) this.#restrict(firstStudentGuardianId + links.student.length - 1);
    }
  }

  /** Adds a restriction that is effective today; one in six has expired. */
  #restrict(linkId: number): void {
    const { random, columns } = this.#writer;
    const start = this.#plan.today - random.between(200, 900);
    columns.restrictions.link.push(linkId);
    columns.restrictions.start.push(start);
    columns.restrictions.end.push(columns.restrictions.end.length % 6 === 5 ? start + 100 : null);
  }

  #contact(community: Community): { nameId: number; relationship: string } {
    const { random } = this.#writer;
    const relationship = random.pick(['Aunt', 'Uncle', 'Grandmother', 'Neighbor']);
    const nameId = this.#adult(
      community,
      this.#writer.surname(community),
      relationship === 'Uncle' ? 1 : 0,
      roles.contact,
    );
    this.#writer.phones(nameId, 1);
    return { nameId, relationship };
  }

  #addContact(studentId: number, contact: { nameId: number; relationship: string }): void {
    const { contacts, students } = this.#writer.columns;
    contacts.name.push(students.name.at(studentId - firstStudentId));
    contacts.contact.push(contact.nameId);
    contacts.relationship.push(relationships.indexOf(contact.relationship));
    contacts.rank.push(1);
  }
}
