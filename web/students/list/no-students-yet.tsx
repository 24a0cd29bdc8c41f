/** The list of a district without students: administrators are led to the steps of the setup. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { administers } from '../../../src/contract/endpoint.ts';
import { sessionQuery } from '../../accounts/session-query.ts';
import { useDomain } from '../../districts/district-query.ts';
import { EmptyState } from '../../shell/list-state.tsx';

export function NoStudentsYet() {
  const domain = useDomain();
  const { data: session } = useQuery(sessionQuery);
  return session && administers(session.account.role) ? (
    <EmptyState
      title="No students yet"
      action={
        <Link to="/a/$domain" params={{ domain }}>
          See the steps on Home
        </Link>
      }
    >
      They appear here after the first import.
    </EmptyState>
  ) : (
    <EmptyState title="No students yet">They appear here after the first import.</EmptyState>
  );
}
