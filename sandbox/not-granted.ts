/** What the switches take away from every access, and what comes in its place. */
import type { ObjectDefinition } from './catalogue.ts';
import type { SwitchValues } from './contract-switches.ts';
import type { FieldPath } from './field-path.ts';
import { Refusal } from './refusal.ts';

type ObjectGap = Exclude<
  SwitchValues['list-not-granted' | 'table-not-granted' | 'required-not-granted'],
  'granted'
>;
type FieldGap = Exclude<
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

/** What comes in place of an object; undefined when it was granted. Refuses where that is what comes. */
export function checkObjectGap(
  switches: SwitchValues,
  { path }: ObjectDefinition,
): 'null-list' | 'empty-list' | undefined {
  const gap = objectGap(switches, path);
  if (gap === undefined || gap === 'null-list' || gap === 'empty-list') return gap;
  throw objectRefusals[gap](path);
}

const objectRefusals = {
  'refused-400': () => new Refusal(400, 'The request is not valid.'),
  'refused-401': () => new Refusal(401, 'Unauthorized'),
  'refused-403': (object: string) =>
    new Refusal(403, `The Integration Access was not granted the object ${object}.`, { object }),
  'refused-404': (object: string) => new Refusal(404, `There is no object '${object}'.`),
  'refused-500': () => new Refusal(500, 'An error has occurred.'),
  'error-with-200': () => new Refusal(200, 'You do not have access.'),
} as const satisfies Record<
  Exclude<ObjectGap, 'null-list' | 'empty-list'>,
  (object: string) => Refusal
>;

function objectGap(switches: SwitchValues, path: string): ObjectGap | undefined {
  if (!Object.hasOwn(objectSwitches, path)) return undefined;
  const value = switches[objectSwitches[path as keyof typeof objectSwitches]];
  return value === 'granted' ? undefined : value;
}

/** Whether a field was taken away, in whichever form. */
export function isFieldTaken(switches: SwitchValues, object: string, field: string): boolean {
  return fieldGap(switches, object, field) !== undefined;
}

function fieldGap(switches: SwitchValues, object: string, field: string): FieldGap | undefined {
  const name = `${object} ${field}`;
  if (!Object.hasOwn(fieldSwitches, name)) return undefined;
  const value = switches[fieldSwitches[name as keyof typeof fieldSwitches]];
  return value === 'granted' ? undefined : value;
}

/** The fields that are shown of those that were asked for; refuses where that is what comes. */
export function shownFields(
  switches: SwitchValues,
  paths: readonly FieldPath[],
): readonly FieldPath[] {
  const gapOf = ({ uses }: FieldPath) =>
    uses
      .map(({ object, field }) => fieldGap(switches, object.path, field))
      .find((gap) => gap !== undefined);
  if (paths.every((path) => gapOf(path) === undefined)) return paths;
  return paths.flatMap((path) => {
    const gap = gapOf(path);
    if (gap === undefined) return [path];
    if (gap === 'absent') return [];
    if (gap === 'null-for-all') return [{ ...path, read: () => null }];
    throw fieldRefusals[gap](path.field.name);
  });
}

const fieldRefusals = {
  'refused-by-name': (field: string) => new Refusal(403, `You do not have access to ${field}.`),
  'refused-403-without-name': () => new Refusal(403, 'Forbidden'),
  'refused-401-without-name': () => new Refusal(401, 'Unauthorized'),
  'refused-400-without-name': () => new Refusal(400, 'An error has occurred.'),
  'error-with-200': (field: string) => new Refusal(200, `The field ${field} is not permitted.`),
} as const satisfies Record<
  Exclude<FieldGap, 'absent' | 'null-for-all'>,
  (field: string) => Refusal
>;
