/** The menu of a district's screens, each shown to the roles that may use it. */
import { Link, type LinkProps } from '@tanstack/react-router';

import { administeringRoles, everyRole, type Role } from '../../src/contract/endpoint.ts';

interface Area {
  readonly name: string;
  readonly to: NonNullable<LinkProps['to']>;
  readonly roles: readonly Role[];
}

const areas: readonly Area[] = [
  { name: 'Students', to: '/a/$domain/students', roles: everyRole },
  { name: 'Documents', to: '/a/$domain/documents', roles: everyRole },
  { name: 'Duplicates', to: '/a/$domain/duplicates', roles: administeringRoles },
  { name: 'Imports', to: '/a/$domain/imports', roles: everyRole },
  { name: 'Users', to: '/a/$domain/users', roles: administeringRoles },
  { name: 'Audit', to: '/a/$domain/audit', roles: administeringRoles },
  { name: 'Settings', to: '/a/$domain/settings', roles: administeringRoles },
];

/** For technicians who have not selected a district. */
const vendorAreas: readonly Pick<Area, 'name' | 'to'>[] = [
  { name: 'Districts', to: '/districts' },
  { name: 'Support', to: '/support' },
  { name: 'Support audit', to: '/audit' },
];

interface NavigationProps {
  /** Undefined outside of a district. */
  readonly domain: string | undefined;
  readonly role: Role;
}

export function Navigation({ domain, role }: NavigationProps) {
  const shown =
    domain === undefined ? vendorAreas : areas.filter(({ roles }) => roles.includes(role));
  return (
    <nav aria-label="Menu" className="areas" id="areas">
      {shown.map(({ name, to }) => (
        <Link
          key={to}
          to={to}
          params={{ domain }}
          activeProps={{ 'aria-current': 'page' }}
          activeOptions={{ includeSearch: false }}
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
