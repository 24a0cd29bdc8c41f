/** The content of the Details tab: the student and guardians from Skyward, and staff notes. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import { formatDay } from '../../../src/contract/day-format.ts';
import type { PersonName, Student } from '../../../src/contract/students/students.ts';
import { plainStudentFields } from '../../../src/roster/fields/columns.ts';
import { combinedFields, studentFields } from '../../../src/roster/fields/student.ts';
import { ageOn, dayIn } from '../../shell/dates.ts';
import { fullName, gradeName } from '../person-name.ts';
import { ContactDetails } from './contact-details.tsx';
import { DataNotes } from './data-notes.tsx';
import { GuardianList } from './guardian-list.tsx';
import { Facts, RecordSection } from './record-section.tsx';
import { StaffFields } from './staff-fields.tsx';
import { StatusFacts } from './status-facts.tsx';
import { type FindSource, sourcesOf } from './value-source.ts';

interface StudentDetailsProps {
  readonly domain: string;
  readonly student: Student;
  /** The district's time zone, for the student's age today. */
  readonly timeZone: string;
}

export function StudentDetails({ domain, student, timeZone }: StudentDetailsProps) {
  const isFromSkyward = student.sisStudentId !== null;
  const { student: studentChange, guardians } = student.lastChanges;
  const { addresses, phones, emails } = student;
  const sources = sourcesOf(student);
  return (
    <>
      <DataNotes student={student} timeZone={timeZone} />
      <div className="record">
        <div className="record-column">
          <RecordSection title="Student" isFromSkyward={isFromSkyward} lastChange={studentChange}>
            <StudentFacts student={student} timeZone={timeZone} sources={sources} />
          </RecordSection>
          <RecordSection title="School" isFromSkyward={isFromSkyward}>
            <SchoolFacts student={student} sources={sources} />
          </RecordSection>
        </div>
        <div className="record-column">
          <RecordSection title="Staff notes" isFromSkyward={false} source="Not synced with Skyward">
            <StaffFields domain={domain} studentId={`${student.id}`} />
          </RecordSection>
          <RecordSection title="Enrollment status" isFromSkyward={student.status.rule !== null}>
            <StatusFacts status={student.status} />
            <StatusLink domain={domain} studentId={`${student.id}`} />
          </RecordSection>
        </div>
        <RecordSection title="Contact" isFromSkyward={isFromSkyward} isWide>
          <ContactDetails addresses={addresses} phones={phones} emails={emails} sources={sources} />
        </RecordSection>
        <RecordSection
          title="Parents and guardians"
          isFromSkyward={isFromSkyward}
          lastChange={guardians}
          isWide
        >
          <GuardianList
            guardians={student.guardians}
            sourcesOf={(id) => sourcesOf(student, 'guardian', id)}
          />
        </RecordSection>
      </div>
      <p className="print-button">
        <Button variant="default" size="xs" onClick={() => globalThis.print()}>
          Print
        </Button>
      </p>
    </>
  );
}

interface FactsOfStudentProps {
  readonly student: Student;
  readonly sources: FindSource;
}

function StudentFacts({
  student,
  timeZone,
  sources,
}: FactsOfStudentProps & Pick<StudentDetailsProps, 'timeZone'>) {
  const { birthDate, legalName } = student;
  const [today] = useState(() => dayIn(new Date(), timeZone));
  return (
    <Facts
      facts={[
        [combinedFields.name.label, fullName(student.name), sources(...combinedFields.name.of)],
        [
          combinedFields.legalName.label,
          hasName(legalName) ? fullName(legalName) : null,
          sources(...combinedFields.legalName.of),
        ],
        ...student.otherNames.map(
          (name, index) =>
            [
              index === 0 ? `Other name (${name.kind})` : `Other name ${index + 1} (${name.kind})`,
              fullName(name),
              sources('otherNames'),
            ] as const,
        ),
        [
          studentFields.birthDate.label,
          birthDate && (
            <>
              <time dateTime={birthDate}>{formatDay(birthDate)}</time>
              <span className="quiet"> · {ageOn(today, birthDate)} years old</span>
            </>
          ),
          sources('birthDate'),
        ],
        ...factKeys.map(
          (key) => [studentFields[key].label, factText(student[key]), sources(key)] as const,
        ),
      ]}
    />
  );
}

/** Fields shown elsewhere on the page. */
const placedKeys: ReadonlySet<string> = new Set<keyof typeof studentFields>([
  'birthDate',
  'graduationYear',
]);

const factKeys = (
  Object.keys(plainStudentFields) as Exclude<keyof typeof plainStudentFields, symbol>[]
).filter((key) => !placedKeys.has(key));

const factText = (value: string | number | boolean | null) =>
  typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;

const hasName = (name: PersonName): boolean => name.first !== null || name.last !== null;

function StatusLink({
  domain,
  studentId,
}: {
  readonly domain: string;
  readonly studentId: string;
}) {
  return (
    <p className="more">
      <Link to="/a/$domain/students/$studentId/enrollment" params={{ domain, studentId }} replace>
        See enrollments and other dates
      </Link>
    </p>
  );
}

function SchoolFacts({ student: { placement, graduationYear }, sources }: FactsOfStudentProps) {
  const fact = (key: keyof typeof studentFields, value: string | number | null) =>
    [studentFields[key].label, value, sources(key)] as const;
  return (
    <Facts
      facts={[
        [
          studentFields.schoolName.label,
          placement.schoolName ?? placement.entityName,
          sources('schoolName', 'entityName'),
        ],
        fact('schoolStateId', placement.schoolStateId),
        fact('grade', placement.grade && gradeName(placement.grade)),
        fact('homeroom', placement.homeroom),
        fact('homeroomTeacher', placement.homeroomTeacher),
        fact('advisor', placement.advisor),
        fact('graduationYear', graduationYear),
      ]}
    />
  );
}
