/** Fields for the role and schools of a user. */
import '@mantine/core/styles/Pill.css';
import '@mantine/core/styles/PillsInput.css';
import '@mantine/core/styles/Radio.css';

import { MultiSelect, Radio, Stack } from '@mantine/core';

import { DistrictRole } from '../../../src/contract/accounts/users.ts';
import { useDistrict } from '../../districts/district-query.ts';
import { roleLabels } from './role-labels.ts';

export interface RoleSelection<Role extends DistrictRole = DistrictRole> {
  readonly role: Role;
  /** null: all of the district; undefined: not chosen yet. */
  readonly schools: readonly number[] | null | undefined;
}

/** Returns role and schools as the API takes them; without a choice, no school. */
export const toRoleBody = <Role extends DistrictRole>({
  role,
  schools = [],
}: RoleSelection<Role>) => ({
  role,
  schools: role === 'administrator' || schools === null ? null : [...schools],
});

const explanations: Readonly<Record<DistrictRole, string>> = {
  administrator: 'Views and changes everything in the district, including users and settings.',
  staff: 'Views and edits the records of the schools below.',
  'read-only': 'Views the records of the schools below.',
};

interface RoleFieldsProps<Role extends DistrictRole> {
  /** Roles to choose from (default all). */
  readonly roles: readonly Role[];
  readonly value: RoleSelection<Role>;
  readonly onChange: (value: RoleSelection<Role>) => void;
}

export const everyDistrictRole = DistrictRole.options;

export function RoleFields<Role extends DistrictRole>({
  roles,
  value,
  onChange,
}: RoleFieldsProps<Role>) {
  const { role, schools } = value;
  return (
    <Stack gap="md">
      <Radio.Group
        label="Role"
        value={role}
        onChange={(chosen) => {
          const known = roles.find((one) => one === chosen);
          if (known !== undefined) onChange({ role: known, schools });
        }}
      >
        <Stack gap="xs" mt="xs">
          {roles.map((one) => (
            <Radio key={one} value={one} label={roleLabels[one]} description={explanations[one]} />
          ))}
        </Stack>
      </Radio.Group>
      {role !== 'administrator' && (
        <SchoolFields
          schools={schools}
          onChange={(chosen) => onChange({ role, schools: chosen })}
        />
      )}
    </Stack>
  );
}

function SchoolFields({
  schools,
  onChange,
}: {
  readonly schools: RoleSelection['schools'];
  readonly onChange: (schools: readonly number[] | null) => void;
}) {
  const district = useDistrict();
  return (
    <Stack gap="xs">
      <Radio.Group
        label="Schools"
        value={schools === undefined ? null : schools === null ? 'all' : 'selected'}
        onChange={(chosen) => onChange(chosen === 'all' ? null : [])}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="all" label="All schools of the district" required />
          <Radio value="selected" label="Selected schools" required />
        </Stack>
      </Radio.Group>
      {schools && (
        <MultiSelect
          aria-label="Selected schools"
          placeholder={schools.length === 0 ? 'Search schools' : undefined}
          data={district.schools.map(({ entityId, name }) => ({
            value: String(entityId),
            label: name,
          }))}
          value={schools.map(String)}
          onChange={(chosen) => onChange(chosen.map(Number).toSorted((a, b) => a - b))}
          searchable
          clearable
          required={schools.length === 0}
          nothingFoundMessage="No schools found"
          maxDropdownHeight={200}
          // The browser shows a modal dialog above everything else of the page.
          comboboxProps={{ withinPortal: false }}
        />
      )}
    </Stack>
  );
}

/** Formats role and schools, as in `Staff: Lakeview High`. */
export function useRoleText(): (choice: RoleSelection) => string {
  const schoolText = useSchoolText();
  return (choice) =>
    choice.role === 'administrator'
      ? roleLabels[choice.role]
      : `${roleLabels[choice.role]}: ${schoolText(choice)}`;
}

/** Formats the schools that a user sees, as in `Lakeview High, Cedar Middle`. */
export function useSchoolText(): (choice: RoleSelection) => string {
  const { schools: known } = useDistrict();
  return ({ role, schools }) => {
    if (role === 'administrator' || schools === null) return 'All schools';
    if (schools === undefined || schools.length === 0) return 'No school';
    return schools
      .map((id) => known.find((one) => one.entityId === id)?.name ?? `School ${id}`)
      .join(', ');
  };
}
