/** The Details tab: the student and guardians from Skyward, and staff notes. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';

import { studentQuery } from './record-queries.ts';
import { StudentDetails } from './student-details.tsx';
import { TabState } from './tab-state.tsx';

export function DetailsTab() {
  const { domain, studentId } = useParams({ from: '/signed-in/a/$domain/students/$studentId' });
  const query = useQuery(studentQuery(domain, studentId));
  return (
    <TabState query={query} title="The Details could not be loaded">
      {(student) => <StudentDetails domain={domain} student={student} />}
    </TabState>
  );
}
