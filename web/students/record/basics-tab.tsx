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
  const source = basics.isFromSkyward ? 'From Skyward' : 'Added manually';
  return (
    <div className="record">
      <RecordSection
        title="Enrollment status"
        source={basics.status.rule === null ? 'Set manually' : 'From Skyward'}
      >
        <StatusBasics basics={basics} />
        <ManualStatusSection studentId={String(basics.id)} status={basics.status.value} />
      </RecordSection>
      <div className="record-column">
        <RecordSection title="School" source={source}>
          <SchoolBasics basics={basics} />
        </RecordSection>
        <RecordSection title="Identity" source={source}>
          <Facts
            facts={[
              { name: studentFields.studentNumber.label, value: basics.studentNumber },
              { name: studentFields.stateId.label, value: basics.stateId },
              { name: 'Skyward ID', value: basics.sisStudentId },
              { name: 'Internal ID', value: basics.id },
              { name: 'First imported', value: <RunDate run={basics.firstImport} /> },
            ]}
          />
        </RecordSection>
      </div>
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
            {
              name: 'Status as of',
              value: <time dateTime={decidedOn}>{formatDay(decidedOn)}</time>,
            },
            {
              name: 'School year',
              value: decisionSettings && formatSchoolYear(decisionSettings.schoolYear),
            },
            { name: 'Graduation code', value: decisionSettings?.graduationCode },
            { name: 'Code not counted', value: decisionSettings?.ignoredCode },
            {
              name: 'Next school year is counted for',
              value: decisionSettings && nextSchoolYearLabels[decisionSettings.nextSchoolYear],
            },
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
        {
          name: studentFields.schoolName.label,
          value: placement.schoolName ?? placement.entityName,
        },
        { name: studentFields.schoolStateId.label, value: placement.schoolStateId },
        {
          name: studentFields.entityName.label,
          value: [placement.entityName, entityId && `(${entityId})`].filter(Boolean).join(' '),
        },
        { name: studentFields.grade.label, value: placement.grade && gradeName(placement.grade) },
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
