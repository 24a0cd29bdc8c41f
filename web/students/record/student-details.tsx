/** The Details: what Skyward delivered of the student and the parents, and what staff keep. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import type { PersonName, Student } from '../../../src/contract/students.ts';
import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';
import { ageOn, dayIn, formatDay } from '../../shell/dates.ts';
import { fullName, gradeName } from '../person-name.ts';
import { ContactDetails } from './contact-details.tsx';
import { DataNotes } from './data-notes.tsx';
import { GuardianList } from './guardian-list.tsx';
import { Facts, RecordSection } from './record-section.tsx';
import { StaffFields } from './staff-fields.tsx';
import { type FindSource, sourcesOf } from './value-source.ts';

interface StudentDetailsProps {
  readonly domain: string;
  readonly student: Student;
  /** The district's, for the age of today. */
  readonly timeZone: string;
}

export function StudentDetails({ domain, student, timeZone }: StudentDetailsProps) {
  const isFromSkyward = student.skywardId !== null;
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
          <RecordSection
            title="Kept by staff"
            isFromSkyward={false}
            source="Never changed by Skyward"
          >
            <StaffFields domain={domain} studentId={`${student.id}`} />
          </RecordSection>
          <RecordSection title="Enrollment status" isFromSkyward={student.status.rule !== null}>
            <StatusFacts domain={domain} student={student} />
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
  const ofName = (part: string) =>
    sources(...['first_name', 'middle_name', 'last_name', 'suffix'].map((name) => part + name));
  return (
    <Facts
      facts={[
        ['Name', fullName(student.name), ofName('')],
        ['Legal name', hasName(legalName) ? fullName(legalName) : null, ofName('legal_')],
        ...student.otherNames.map(
          (name, index) =>
            [
              index === 0 ? `Other name (${name.kind})` : `Other name ${index + 1} (${name.kind})`,
              fullName(name),
              sources('other_names'),
            ] as const,
        ),
        [
          'Born',
          birthDate && (
            <>
              <time dateTime={birthDate}>{formatDay(birthDate)}</time>
              <span className="quiet"> · {ageOn(today, birthDate)} years old</span>
            </>
          ),
          sources('birth_date'),
        ],
        ['Gender', student.gender, sources('gender')],
        ['Race', student.race, sources('race')],
        ['Ethnicity', student.ethnicity, sources('ethnicity')],
        ['Native language', student.nativeLanguage, sources('native_language')],
        ['Language at home', student.homeLanguage, sources('home_language')],
        ['Student number', student.studentNumber, sources('student_number')],
        ['State id', student.stateId, sources('state_id')],
      ]}
    />
  );
}

const hasName = (name: PersonName): boolean => name.first !== null || name.last !== null;

function StatusFacts({
  domain,
  student: { id, status },
}: {
  readonly domain: string;
  readonly student: Student;
}) {
  return (
    <>
      <p className="status-sentence">
        <span className="status-dot" data-status={status.value} />
        <strong>{statusLabels[status.value]}</strong>
      </p>
      <p>{status.reason}</p>
      {status.changesOn !== null && (
        <p className="changes-on">
          Changes on <time dateTime={status.changesOn}>{formatDay(status.changesOn)}</time> if
          nothing else changes in Skyward.
        </p>
      )}
      <p className="more">
        <Link
          to="/a/$domain/students/$studentId/enrollment"
          params={{ domain, studentId: `${id}` }}
          replace
        >
          See the enrollments and other days
        </Link>
      </p>
    </>
  );
}

function SchoolFacts({ student: { placement, graduationYear }, sources }: FactsOfStudentProps) {
  return (
    <Facts
      facts={[
        [
          'School',
          placement.schoolName ?? placement.entityName,
          sources('school_name', 'entity_name'),
        ],
        ['School number', placement.schoolStateId, sources('school_state_id')],
        ['Grade', placement.grade && gradeName(placement.grade), sources('grade')],
        ['Homeroom', placement.homeroom, sources('homeroom')],
        ['Homeroom teacher', placement.homeroomTeacher, sources('homeroom_teacher')],
        ['Advisor', placement.advisor, sources('advisor')],
        ['Graduation year', graduationYear, sources('graduation_year')],
      ]}
    />
  );
}
