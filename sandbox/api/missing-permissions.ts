/** Missing permissions set by switches, and the responses in their place. */
import type { ObjectDefinition } from '../district/catalog.ts';
import type { SwitchValues } from './contract-switches.ts';
import type { FieldPath } from './field-path.ts';
import { ApiError } from './api-error.ts';

type ObjectRule = Exclude<
  SwitchValues['list-not-granted' | 'table-not-granted' | 'required-not-granted'],
  'granted'
>;
type FieldRule = Exclude<
  SwitchValues['field-not-granted' | 'required-field-not-granted'],
  'granted'
>;

const objectSwitches = {
  'Demographics/NameEmail': 'list-not-granted',
  'Demographics/Relationship': 'table-not-granted',
  'Enrollment/WithdrawalCode': 'required-not-granted',
} as const;

const fieldSwitches = {
  'Demographics/Name MiddleName': 'field-not-granted',
  'Enrollment/EntryWithdrawal EndDate': 'required-field-not-granted',
} as const;

/** Returns the response for an object without permission, or throws it if it is an error; undefined with permission. */
export function checkObjectPermission(
  switches: SwitchValues,
  { path }: ObjectDefinition,
): 'null-list' | 'empty-list' | undefined {
  const rule = objectRule(switches, path);
  if (rule === undefined || rule === 'null-list' || rule === 'empty-list') return rule;
  throw objectErrors[rule](path);
}

const objectErrors = {
  'refused-400': () => new ApiError(400, 'The request is not valid.'),
  'refused-401': () => new ApiError(401, 'Unauthorized'),
  'refused-403': (object: string) =>
    new ApiError(403, `The Integration Access was not granted the object ${object}.`, { object }),
  'refused-404': (object: string) => new ApiError(404, `Object '${object}' does not exist.`),
  'refused-500': () => new ApiError(500, 'An error has occurred.'),
  'error-with-200': () => new ApiError(200, 'You do not have access.'),
} as const satisfies Record<
  Exclude<ObjectRule, 'null-list' | 'empty-list'>,
  (object: string) => ApiError
>;

function objectRule(switches: SwitchValues, path: string): ObjectRule | undefined {
  if (!Object.hasOwn(objectSwitches, path)) return undefined;
  const value = switches[objectSwitches[path as keyof typeof objectSwitches]];
  return value === 'granted' ? undefined : value;
}

/** Returns whether permission for a field is missing, in any form. */
export function isFieldMissing(switches: SwitchValues, object: string, field: string): boolean {
  return fieldRule(switches, object, field) !== undefined;
}

function fieldRule(switches: SwitchValues, object: string, field: string): FieldRule | undefined {
  const name = `${object} ${field}`;
  if (!Object.hasOwn(fieldSwitches, name)) return undefined;
  const value = switches[fieldSwitches[name as keyof typeof fieldSwitches]];
  return value === 'granted' ? undefined : value;
}

/** Returns the visible ones of the requested fields. Throws for error responses. */
export function listVisibleFields(
  switches: SwitchValues,
  paths: readonly FieldPath[],
): readonly FieldPath[] {
  const ruleFor = ({ uses }: FieldPath) =>
    uses
      .map(({ object, field }) => fieldRule(switches, object.path, field))
      .find((rule) => rule !== undefined);
  if (paths.every((path) => ruleFor(path) === undefined)) return paths;
  return paths.flatMap((path) => {
    const rule = ruleFor(path);
    if (rule === undefined) return [path];
    if (rule === 'absent') return [];
    if (rule === 'null-for-all') return [{ ...path, read: () => null }];
    throw fieldErrors[rule](path.field.name);
  });
}

const fieldErrors = {
  'refused-by-name': (field: string) => new ApiError(403, `You do not have access to ${field}.`),
  'refused-403-without-name': () => new ApiError(403, 'Forbidden'),
  'refused-401-without-name': () => new ApiError(401, 'Unauthorized'),
  'refused-400-without-name': () => new ApiError(400, 'An error has occurred.'),
  'error-with-200': (field: string) => new ApiError(200, `The field ${field} is not permitted.`),
} as const satisfies Record<
  Exclude<FieldRule, 'absent' | 'null-for-all'>,
  (field: string) => ApiError
>;
