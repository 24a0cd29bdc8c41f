/** Role and schools of a person, as an administrator chooses them. */
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
  administrator: 'Sees and changes everything of the district, people and settings too.',
  staff: 'Reads the records of the schools below and works on them.',
  'read-only': 'Reads the records of the schools below and changes nothing.',
};

interface RoleFieldsProps<Role extends DistrictRole> {
  /** Those to choose from; all unless told. */
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
      {schools?.length === 0 && <p className="quiet">No school chosen: no student is shown.</p>}
    </fieldset>
  );
}

/** `Staff of Lakeview High`, in a few words. */
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
