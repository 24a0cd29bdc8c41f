/** Staff values of a student, which are not in Skyward: preferred gender, pronouns, notes. */
import { z } from 'zod';

import { districtPath, type Endpoint, everyRole, writingRoles } from '../endpoint.ts';
import { Instant, RecordIdInPath, VersionNumber } from '../values.ts';
import { lines } from '../text.ts';

export const StaffField = z
  .enum(['preferred-gender', 'pronouns', 'notes'])
  .meta({ id: 'StaffField', description: 'A value that only staff change, never an import.' });
export type StaffField = z.infer<typeof StaffField>;

/** Possible values of the preferred gender, as in documents. */
export const preferredGenders = ['Female', 'Male', 'Non-binary', 'Other'] as const;

/** Maximum length of each value. */
export const staffValueLimits: Readonly<Record<StaffField, number>> = {
  'preferred-gender': 20,
  pronouns: 60,
  notes: 10_000,
};

const StaffValue = z
  .strictObject({
    field: StaffField,
    value: z.string().nullable(),
    version: z.int().nonnegative().meta({ description: '0: never saved.' }),
    lastChange: z
      .strictObject({
        at: Instant,
        by: z.string(),
        isOwn: z.boolean().meta({ description: 'By the caller.' }),
        from: z.string().nullable().meta({ description: 'The value before that change.' }),
      })
      .nullable(),
  })
  .meta({ id: 'StaffValue' });
export type StaffValue = z.infer<typeof StaffValue>;

const getStaffValues = {
  method: 'GET',
  path: `${districtPath}/students/{id}/staff-values`,
  summary: 'Staff values of a student, each with who changed it last',
  access: everyRole,
  audit: { kind: 'look', action: 'staff-values-viewed' },
  limit: 'read',
  params: z.strictObject({ id: RecordIdInPath }),
  response: z.strictObject({ values: z.array(StaffValue) }),
  errors: ['not-found'],
} as const satisfies Endpoint;

const saveStaffValue = {
  method: 'PUT',
  path: `${districtPath}/students/{id}/staff-values/{field}`,
  summary: 'Save one staff value; 409 if it was changed since that version',
  access: writingRoles,
  audit: { kind: 'change', actions: ['student-changed'] },
  limit: 'write',
  params: z.strictObject({ id: RecordIdInPath, field: StaffField }),
  body: z.strictObject({
    value: lines(staffValueLimits.notes).nullable().meta({ description: 'null or empty: none.' }),
    version: VersionNumber.meta({ description: 'The version that the change is based on.' }),
  }),
  response: StaffValue,
  errors: ['not-found', 'conflict'],
} as const satisfies Endpoint;

/** Returns why a value cannot be stored, as the end of a sentence; `undefined` if it can. */
export function staffValueProblem(field: StaffField, value: string): string | undefined {
  const max = staffValueLimits[field];
  if (value.length > max) return `must not be longer than ${max} characters`;
  if (field === 'preferred-gender' && !preferredGenders.some((one) => one === value)) {
    return `must be one of ${preferredGenders.join(', ')}`;
  }
  return undefined;
}

/** The endpoints, in the order of the API's documentation. */
export const staffValuesApi = { getStaffValues, saveStaffValue };
