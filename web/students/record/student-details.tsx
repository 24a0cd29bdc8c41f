/** The content of the Details tab: guardians first, then the student; staff notes at the side. */
import { Link } from '@tanstack/react-router';

import { formatDay } from '../../../src/contract/day-format.ts';
import type { FieldChange, Student } from '../../../src/contract/students/students.ts';
import type { PersonName } from '../../../src/contract/values.ts';
import { placementFields, plainStudentFields } from '../../../src/roster/fields/columns.ts';
import { combinedFields, studentFields } from '../../../src/roster/fields/student.ts';
import { useDistrict } from '../../districts/district-query.ts';
import { ageOn } from '../../shell/dates.ts';
import { fullName, gradeName } from '../person-name.ts';
import { contactFacts } from './contact-details.tsx';
import { DataNotes } from './data-notes.tsx';
import { fieldText } from './field-text.ts';
import { GuardianList } from './guardian-list.tsx';
import { type Fact, Facts, RecordSection } from './record-section.tsx';
import { StaffFields } from './staff-fields.tsx';
import {
  cardSource,
  type FindChange,
  keptNote,
  missingNote,
  recentChangesOf,
} from './value-notes.ts';

interface StudentDetailsProps {
  readonly domain: string;
  readonly student: Student;
}

export function StudentDetails({ domain, student }: StudentDetailsProps) {
  const { today, timeZone } = useDistrict();
  const findChange = recentChangesOf(student, today);
  const input = { student, findChange, today };
  return (
    <>
      <DataNotes student={student} timeZone={timeZone} />
      <div className="details">
        <div className="details-main">
          <RecordSection title={combinedFields.guardians.label} source={guardiansSource(student)}>
            <GuardianList student={student} today={today} />
          </RecordSection>
          <div className="details-pair">
            <RecordSection title="Student" source={cardSource(student, isOfStudentCard)}>
              <Facts facts={studentFacts(input)} />
            </RecordSection>
            <div className="record-column">
              <RecordSection title="Contact" source={cardSource(student, isOfContactCard)}>
                <Facts
                  facts={contactFacts({
                    ...student,
                    findChange,
                    missing: (field) => missingNote(student, 'student', field),
                  })}
                />
              </RecordSection>
              <RecordSection title="School" source={cardSource(student, isOfSchoolCard)}>
                <Facts facts={schoolFacts(input)} />
              </RecordSection>
            </div>
          </div>
        </div>
        <div className="details-side">
          <RecordSection title="Staff notes" source="Not synced with Skyward">
            <StaffFields domain={domain} studentId={`${student.id}`} />
          </RecordSection>
          <p className="more">
            <Link
              to="/a/$domain/students/$studentId/history"
              params={{ domain, studentId: `${student.id}` }}
              replace
            >
              See all changes in History
            </Link>
          </p>
        </div>
      </div>
    </>
  );
}

interface FactsInput {
  readonly student: Student;
  readonly findChange: FindChange;
  /** The district's date, for the student's age. */
  readonly today: string;
}

type StudentFieldKey = keyof typeof studentFields;

/** Fields that are shown on another card. */
const schoolKeys = [
  'schoolName',
  'schoolStateId',
  'grade',
  'homeroom',
  'homeroomTeacher',
  'advisor',
  'graduationYear',
] as const satisfies readonly StudentFieldKey[];
const contactKeys: readonly string[] = ['addresses', 'phones', 'emails'];
const placedKeys: ReadonlySet<string> = new Set(['birthDate', 'graduationYear']);

const factKeys = (
  Object.keys(plainStudentFields) as Exclude<keyof typeof plainStudentFields, symbol>[]
).filter((key) => !placedKeys.has(key));

const isOfSchoolCard = ({ record, field }: FieldChange): boolean =>
  record === 'student' && (field in placementFields || field === 'graduationYear');
const isOfContactCard = ({ record, field }: FieldChange): boolean =>
  record === 'student' && contactKeys.includes(field);
const isOfStudentCard = (change: FieldChange): boolean =>
  change.record === 'student' &&
  change.field in studentFields &&
  !isOfSchoolCard(change) &&
  !isOfContactCard(change);

/** Guardians are also added and removed, which is no change of a field. */
function guardiansSource(student: Student): string {
  const { lastChanges, firstImport, sisStudentId } = student;
  const last = lastChanges.guardians;
  return sisStudentId === null || last === null || last.id === firstImport?.id
    ? cardSource(student, () => false)
    : `From Skyward, last updated ${formatDay(last.importDate)}`;
}

function studentFacts({ student, findChange, today }: FactsInput): readonly Fact[] {
  const { birthDate, legalName, otherNames } = student;
  const { name, legalName: legal } = combinedFields;
  return [
    { name: name.label, value: fullName(student.name), change: findChange(...name.of) },
    {
      name: legal.label,
      value: hasName(legalName) ? fullName(legalName) : null,
      missing: missingNote(student, 'student', 'legalFirstName'),
      change: findChange(...legal.of),
    },
    ...otherNames.map((other, index) => ({
      name: index === 0 ? `Other name (${other.kind})` : `Other name ${index + 1} (${other.kind})`,
      value: fullName(other),
      change: index === 0 ? findChange('otherNames') : undefined,
    })),
    {
      name: studentFields.birthDate.label,
      value: birthDate && (
        <>
          <time dateTime={birthDate}>{formatDay(birthDate)}</time>
          <span className="quiet"> · {ageOn(today, birthDate)} years old</span>
        </>
      ),
      missing: missingNote(student, 'student', 'birthDate'),
      change: findChange('birthDate'),
    },
    ...factKeys.map((key) => ({
      name: studentFields[key].label,
      value: fieldText(studentFields[key].type, student[key]),
      missing: missingNote(student, 'student', key),
      change: findChange(key) ?? noteOn(student, key, student[key]),
    })),
  ];
}

const hasName = (name: PersonName): boolean => name.first !== null || name.last !== null;

function schoolFacts({ student, findChange }: FactsInput): readonly Fact[] {
  const { placement, graduationYear } = student;
  const values = {
    ...placement,
    schoolName: placement.schoolName ?? placement.entityName,
    grade: placement.grade && gradeName(placement.grade),
    graduationYear,
  };
  return schoolKeys.map((key) => ({
    name: studentFields[key].label,
    value: values[key],
    missing: missingNote(student, 'student', key),
    change:
      (key === 'schoolName' ? findChange(key, 'entityName') : findChange(key)) ??
      noteOn(student, key, values[key]),
  }));
}

/** Empty values have a note of their own. */
const noteOn = (student: Student, key: StudentFieldKey, value: unknown): string | undefined =>
  value === null ? undefined : keptNote(student, 'student', key);
