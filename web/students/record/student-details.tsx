/** The Details tab: all that is known of a student and the parents, part by part. */
import { useState } from 'react';

import type { PersonName, Student } from '../../../src/contract/students.ts';
import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';
import { ageOn, dayIn, formatDay } from '../../shell/dates.ts';
import { ContactDetails } from './contact-details.tsx';
import { EnrollmentTable } from './enrollment-table.tsx';
import { GuardianList } from './guardian-list.tsx';
import { fullName, gradeName } from '../person-name.ts';
import { Facts, RecordSection } from './record-section.tsx';

interface StudentDetailsProps {
  readonly student: Student;
  /** The district's, for the age of today. */
  readonly timeZone: string;
}

export function StudentDetails({ student, timeZone }: StudentDetailsProps) {
  const isFromSkyward = student.skywardId !== null;
  const { student: ownChange, guardians, enrollments } = student.lastChanges;
  const { addresses, phones, emails } = student;
  return (
    <div className="record">
      <div className="record-column">
        <RecordSection title="Student" isFromSkyward={isFromSkyward} lastChange={ownChange}>
          <StudentFacts student={student} timeZone={timeZone} />
        </RecordSection>
      </div>
      <div className="record-column">
        <RecordSection
          title="Enrollment status"
          isFromSkyward={student.status.rule !== null}
          lastChange={ownChange}
        >
          <StatusFacts student={student} />
        </RecordSection>
        <RecordSection title="School" isFromSkyward={isFromSkyward} lastChange={ownChange}>
          <SchoolFacts student={student} />
        </RecordSection>
      </div>
      <RecordSection title="Contact" isFromSkyward={isFromSkyward} lastChange={ownChange} isWide>
        <ContactDetails addresses={addresses} phones={phones} emails={emails} />
      </RecordSection>
      <RecordSection
        title="Parents and guardians"
        isFromSkyward={isFromSkyward}
        lastChange={guardians}
        isWide
      >
        <GuardianList guardians={student.guardians} />
      </RecordSection>
      <RecordSection
        title="Enrollments"
        isFromSkyward={isFromSkyward}
        lastChange={enrollments}
        isWide
      >
        <EnrollmentTable rows={student.enrollments} />
      </RecordSection>
    </div>
  );
}

function StudentFacts({ student, timeZone }: StudentDetailsProps) {
  const { birthDate, legalName } = student;
  const [today] = useState(() => dayIn(new Date(), timeZone));
  return (
    <Facts
      facts={[
        ['Name', fullName(student.name)],
        ['Legal name', hasName(legalName) ? fullName(legalName) : null],
        ...student.otherNames.map((name) => [`Other name (${name.kind})`, fullName(name)] as const),
        [
          'Born',
          birthDate && (
            <>
              <time dateTime={birthDate}>{formatDay(birthDate)}</time>
              <span className="quiet"> · {ageOn(today, birthDate)} years old</span>
            </>
          ),
        ],
        ['Gender', student.gender],
        ['Race', student.race],
        ['Ethnicity', student.ethnicity],
        ['Native language', student.nativeLanguage],
        ['Language at home', student.homeLanguage],
        ['Student number', student.studentNumber],
        ['State id', student.stateId],
      ]}
    />
  );
}

const hasName = (name: PersonName): boolean => name.first !== null || name.last !== null;

function StatusFacts({ student: { status, missingSince } }: { readonly student: Student }) {
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
      {missingSince !== null && (
        <p className="changes-on">
          No longer delivered by Skyward since the night of{' '}
          <time dateTime={missingSince.night}>{formatDay(missingSince.night)}</time>; the status
          follows from what was delivered last.
        </p>
      )}
    </>
  );
}

function SchoolFacts({ student: { placement, graduationYear } }: { readonly student: Student }) {
  return (
    <Facts
      facts={[
        ['School', placement.schoolName ?? placement.entityName],
        ['School number', placement.schoolStateId],
        ['Grade', placement.grade && gradeName(placement.grade)],
        ['Homeroom', placement.homeroom],
        ['Homeroom teacher', placement.homeroomTeacher],
        ['Advisor', placement.advisor],
        ['Graduation year', graduationYear],
      ]}
    />
  );
}
