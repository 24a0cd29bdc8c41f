/** What the menu offers: pages in groups, each for some roles. */
import type { LinkProps } from '@tanstack/react-router';

import {
  administeringRoles,
  everyRole,
  type Role,
  technicianRole,
} from '../../../src/contract/endpoint.ts';
import type { IconName } from '../icons.tsx';

export interface NavigationItem {
  readonly name: string;
  readonly to: NonNullable<LinkProps['to']>;
  readonly icon: IconName;
  readonly roles: readonly Role[];
  /** Is also in the bar at the bottom of a phone. */
  readonly isFrequent?: true;
  /** The name there, if the other is too long. */
  readonly shortName?: string;
  /** Addresses below it belong to other items. */
  readonly isExact?: boolean;
}

export interface NavigationGroup {
  /** Absent: the first items, which need none. */
  readonly title?: string;
  readonly items: readonly NavigationItem[];
}

const districtGroups = [
  {
    items: [
      {
        name: 'Home',
        to: '/a/$domain',
        icon: 'home',
        roles: everyRole,
        isFrequent: true,
        isExact: true,
      },
      {
        name: 'Students',
        to: '/a/$domain/students',
        icon: 'students',
        roles: everyRole,
        isFrequent: true,
      },
      {
        name: 'Documents',
        to: '/a/$domain/documents',
        icon: 'documents',
        roles: everyRole,
        isFrequent: true,
      },
      { name: 'Forms', to: '/a/$domain/forms', icon: 'forms', roles: administeringRoles },
    ],
  },
  {
    title: 'Data',
    items: [
      {
        name: 'Import history',
        shortName: 'Imports',
        to: '/a/$domain/imports',
        icon: 'history',
        roles: everyRole,
        isFrequent: true,
      },
      {
        name: 'Upcoming changes',
        to: '/a/$domain/upcoming-changes',
        icon: 'upcoming',
        roles: administeringRoles,
      },
      {
        name: 'Import issues',
        to: '/a/$domain/import-issues',
        icon: 'issues',
        roles: administeringRoles,
      },
      {
        name: 'Duplicates',
        to: '/a/$domain/duplicates',
        icon: 'duplicates',
        roles: administeringRoles,
      },
    ],
  },
  {
    title: 'Admin',
    items: [
      { name: 'Users', to: '/a/$domain/users', icon: 'users', roles: administeringRoles },
      { name: 'Audit log', to: '/a/$domain/audit', icon: 'audit', roles: administeringRoles },
    ],
  },
  {
    title: 'Settings',
    items: [
      {
        name: 'District Information',
        to: '/a/$domain/settings/district-information',
        icon: 'district',
        roles: administeringRoles,
      },
      {
        name: 'Imports',
        to: '/a/$domain/settings/imports',
        icon: 'imports',
        roles: administeringRoles,
      },
      {
        name: 'Notifications',
        to: '/a/$domain/settings/notifications',
        icon: 'notifications',
        roles: administeringRoles,
      },
      {
        name: 'Letterhead',
        to: '/a/$domain/settings/letterhead',
        icon: 'letterhead',
        roles: administeringRoles,
      },
      {
        name: 'Sign-in',
        to: '/a/$domain/settings/sign-in',
        icon: 'signIn',
        roles: administeringRoles,
      },
      {
        name: 'Webhooks',
        to: '/a/$domain/settings/webhooks',
        icon: 'webhooks',
        roles: administeringRoles,
      },
    ],
  },
] as const satisfies readonly NavigationGroup[];

const vendorItems = [
  { name: 'Districts', to: '/districts', icon: 'districts', roles: technicianRole },
  { name: 'Support', to: '/support', icon: 'support', roles: technicianRole },
  { name: 'Support audit log', to: '/audit', icon: 'audit', roles: technicianRole },
] as const satisfies readonly NavigationItem[];

/** Returns the groups of the menu that are not empty for this role, inside or outside of a district. */
export function listNavigation(role: Role, isInDistrict: boolean): readonly NavigationGroup[] {
  const groups: readonly NavigationGroup[] = [
    ...(isInDistrict ? districtGroups : []),
    { title: 'Vendor', items: vendorItems },
  ];
  return groups
    .map((group) => ({ ...group, items: group.items.filter(({ roles }) => roles.includes(role)) }))
    .filter(({ items }) => items.length > 0);
}

/** Returns the items of the bar at the bottom of a phone, at most four; the rest is behind its Menu button. */
export const listFrequentItems = (
  groups: readonly NavigationGroup[],
): readonly NavigationItem[] => {
  const items = groups.flatMap((group) => group.items);
  const frequent = items.filter(({ isFrequent }) => isFrequent);
  return (frequent.length > 0 ? frequent : items).slice(0, 4);
};
