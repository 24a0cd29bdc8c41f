/** The button on the list that opens the form for a new student, for users who may add one. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { writingRoles, type Role } from '../../../src/contract/endpoint.ts';
import { sessionQuery } from '../../accounts/session-query.ts';
import { useDomain } from '../../districts/district-query.ts';

export function NewStudentButton() {
  const domain = useDomain();
  const { data: session } = useQuery(sessionQuery);
  const roles: readonly Role[] = writingRoles;
  if (!session || !roles.includes(session.account.role)) return null;
  return (
    <Button
      variant="default"
      size="sm"
      renderRoot={(root) => <Link to="/a/$domain/students/new" params={{ domain }} {...root} />}
    >
      New student
    </Button>
  );
}
