/** The areas of a district's screens, each shown to the roles that may use it. */
import { Link, type LinkProps } from '@tanstack/react-router';

import { administeringRoles, everyRole, type Role } from '../../src/contract/endpoint.ts';

interface Area {
  readonly name: string;
  readonly to: NonNullable<LinkProps['to']>;
  readonly roles: readonly Role[];
}

const areas: readonly Area[] = [
  { name: 'Students', to: '/a/$domain/students', roles: everyRole },
  { name: 'Imports', to: '/a/$domain/imports', roles: everyRole },
  { name: 'People', to: '/a/$domain/people', roles: administeringRoles },
  { name: 'Audit', to: '/a/$domain/audit', roles: administeringRoles },
];

export function Navigation({ domain, role }: { readonly domain: string; readonly role: Role }) {
  return (
    <nav aria-label="Areas" className="areas">
      {areas
        .filter(({ roles }) => roles.includes(role))
        .map(({ name, to }) => (
          <Link key={to} to={to} params={{ domain }} activeProps={{ 'aria-current': 'page' }}>
            {name}
          </Link>
        ))}
    </nav>
  );
}
