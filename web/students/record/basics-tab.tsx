/** The Basics tab, for administrators and technicians: status and its reason, school, identity. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';

import { formatDay, formatSchoolYear } from '../../../src/contract/day-format.ts';
import type { StudentBasics } from '../../../src/contract/students/student-basics.ts';
import type { RunReference } from '../../../src/contract/students/students.ts';
import { nextSchoolYearLabels } from '../../../src/enrollment/status-settings.ts';
import { studentFields } from '../../../src/roster/fields/student.ts';
import { ManualStatusSection } from '../manual/manual-status.tsx';
import { gradeName } from '../person-name.ts';
import { studentBasicsQuery } from './record-queries.ts';
import { Facts, RecordSection } from './record-section.tsx';
import { StatusFacts } from './status-facts.tsx';
import { TabState } from './tab-state.tsx';

export function BasicsTab() {
  const { domain, studentId } = useParams({ from: '/signed-in/a/$domain/students/$studentId' });
  const query = useQuery(studentBasicsQuery(domain, studentId));
  return (
    <TabState query={query} title="The Basics could not be loaded">
      {(basics) => <Basics basics={basics} />}
    </TabState>
  );
}

function Basics({ basics }: { readonly basics: StudentBasics }) {
  return (
    <div className="record">
      <RecordSection title="Enrollment status" isFromSkyward={basics.status.rule !== null}>
        <StatusBasics basics={basics} />
        <ManualStatusSection studentId={String(basics.id)} status={basics.status.value} />
      </RecordSection>
      <RecordSection title="School" isFromSkyward={basics.isFromSkyward}>
        <SchoolBasics basics={basics} />
      </RecordSection>
      <RecordSection title="Identity" isFromSkyward={basics.isFromSkyward}>
        <Facts
          facts={[
            [studentFields.studentNumber.label, basics.studentNumber],
            [studentFields.stateId.label, basics.stateId],
            ['Skyward ID', basics.sisStudentId],
            ['Internal ID', basics.id],
            ['First imported', <RunDate key="first" run={basics.firstImport} />],
          ]}
        />
      </RecordSection>
    </div>
  );
}

function StatusBasics({ basics }: { readonly basics: StudentBasics }) {
  const { status, decisionSettings, missingSince } = basics;
  const { decidedOn } = status;
  return (
    <>
      <StatusFacts status={status} />
      {missingSince !== null && (
        <p className="changes-on">
          Not in Skyward since <RunDate run={missingSince} />.{' '}
          {status.rule === null
            ? 'The status was set manually.'
            : 'The status is based on the last enrollments received.'}
        </p>
      )}
      {decidedOn !== null && (
        <Facts
          facts={[
            ['Status as of', decidedOn && <time dateTime={decidedOn}>{formatDay(decidedOn)}</time>],
            ['School year', decisionSettings && formatSchoolYear(decisionSettings.schoolYear)],
            ['Graduation code', decisionSettings?.graduationCode],
            ['Code not counted', decisionSettings?.ignoredCode],
            [
              'Next school year is counted for',
              decisionSettings && nextSchoolYearLabels[decisionSettings.nextSchoolYear],
            ],
          ]}
        />
      )}
    </>
  );
}

function SchoolBasics({ basics: { placement, entityId } }: { readonly basics: StudentBasics }) {
  return (
    <Facts
      facts={[
        [studentFields.schoolName.label, placement.schoolName ?? placement.entityName],
        [studentFields.schoolStateId.label, placement.schoolStateId],
        [
          studentFields.entityName.label,
          [placement.entityName, entityId && `(${entityId})`].filter(Boolean).join(' '),
        ],
        [studentFields.grade.label, placement.grade && gradeName(placement.grade)],
      ]}
    />
  );
}

const RunDate = ({ run }: { readonly run: RunReference | null }) =>
  run === null ? (
    'Not imported'
  ) : (
    <time dateTime={run.importDate}>{formatDay(run.importDate)}</time>
  );
