/** Fields for the role and schools of a user. */
import { Checkbox, Radio, Stack } from '@mantine/core';

import { DistrictRole } from '../../../src/contract/accounts/users.ts';
import { useDistrict } from '../../districts/district-query.ts';
import { roleLabels } from './role-labels.ts';

export interface RoleSelection<Role extends DistrictRole = DistrictRole> {
  readonly role: Role;
  /** null: all of the district. */
  readonly schools: readonly number[] | null;
}

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
  readonly schools: readonly number[] | null;
  readonly onChange: (schools: readonly number[] | null) => void;
}) {
  const district = useDistrict();
  const toggle = (entityId: number, isOn: boolean) => {
    const rest = (schools ?? []).filter((one) => one !== entityId);
    onChange(isOn ? [...rest, entityId].toSorted((a, b) => a - b) : rest);
  };
  return (
    <fieldset className="school-fields">
      <legend>Schools</legend>
      <Checkbox
        label="All schools of the district"
        checked={schools === null}
        onChange={(event) => onChange(event.currentTarget.checked ? null : [])}
      />
      {schools !== null &&
        district.schools.map(({ entityId, name }) => (
          <Checkbox
            key={entityId}
            label={name}
            checked={schools.includes(entityId)}
            onChange={(event) => toggle(entityId, event.currentTarget.checked)}
          />
        ))}
      {schools?.length === 0 && (
        <p className="quiet">No school selected: the user will see no students.</p>
      )}
    </fieldset>
  );
}

/** Formats role and schools, as in `Staff, Lakeview High`. */
export function useRoleText(): (choice: RoleSelection) => string {
  const { schools: known } = useDistrict();
  return ({ role, schools }) => {
    if (role === 'administrator') return roleLabels[role];
    if (schools === null) return `${roleLabels[role]}, all schools`;
    if (schools.length === 0) return `${roleLabels[role]}, no school`;
    const names = schools.map((id) => known.find((one) => one.entityId === id)?.name ?? `${id}`);
    return `${roleLabels[role]}, ${names.join(', ')}`;
  };
}
