/** The Enrollment tab: every enrollment of the student and what it meant for the status. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';

import { EnrollmentTable } from './enrollment-table.tsx';
import { studentQuery } from './record-queries.ts';
import { TabState } from './tab-state.tsx';

export function EnrollmentTab() {
  const { domain, studentId } = useParams({ from: '/signed-in/a/$domain/students/$studentId' });
  const query = useQuery(studentQuery(domain, studentId));
  return (
    <TabState query={query} title="The enrollments could not be loaded">
      {({ enrollments }) => <EnrollmentTable rows={enrollments} />}
    </TabState>
  );
}
