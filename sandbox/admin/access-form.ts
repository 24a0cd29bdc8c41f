/**
 * The form of an integration access: its initial values, and validation of the input.
 *
 * This folder serves the pages where a district administers integration accesses, and the partner interface.
 */
import { authenticationTypes, type Access, type AuthenticationType } from '../api/access.ts';
import { toDate, toDay, parseDay, formatDay } from '../day.ts';

/** The values in the form as text, valid or not. */
export interface AccessForm {
  readonly name: string;
  readonly description: string;
  readonly key: string;
  readonly authenticationType: string;
  readonly isActive: boolean;
  readonly effectiveDate: string;
  readonly expirationDate: string;
  readonly entities: readonly number[];
}

/** The properties of an access that the form sets. */
export type AccessDraft = Pick<
  Access,
  | 'name'
  | 'description'
  | 'key'
  | 'authenticationType'
  | 'isActive'
  | 'effectiveDate'
  | 'expirationDate'
> & { readonly entities: ReadonlySet<number> };

/** An error message for each invalid field. */
export type FormErrors = Partial<Record<keyof AccessForm, string>>;

/** Data for validating a form. */
export interface FormContext {
  /** Entities that can be selected. */
  readonly entityIds: readonly number[];
  /** Returns whether another access has this key. */
  readonly isKeyTaken: (key: string) => boolean;
}

const maxNameLength = 100;
const maxDescriptionLength = 500;
const maxKeyLength = 100;

/** Returns an empty form: effective today, expiring a year later (R11). */
export function newAccessForm(today: string): AccessForm {
  return {
    name: '',
    description: '',
    key: '',
    authenticationType: '',
    isActive: true,
    effectiveDate: today,
    expirationDate: addYear(today),
    entities: [],
  };
}

/** Returns the form of an existing access; `allEntityIds` are the entities that `all` means. */
export function toAccessForm(access: Access, allEntityIds: readonly number[]): AccessForm {
  return {
    name: access.name,
    description: access.description,
    key: access.key,
    authenticationType: access.authenticationType,
    isActive: access.isActive,
    effectiveDate: access.effectiveDate,
    expirationDate: access.expirationDate ?? '',
    entities: access.entities === 'all' ? allEntityIds : [...access.entities],
  };
}

/** Reads a submitted form, and trims its texts. */
export function readAccessForm(submitted: URLSearchParams): AccessForm {
  const text = (name: string): string => (submitted.get(name) ?? '').trim();
  return {
    name: text('name'),
    description: text('description'),
    key: text('key'),
    authenticationType: text('authenticationType'),
    isActive: submitted.has('isActive'),
    effectiveDate: text('effectiveDate'),
    expirationDate: text('expirationDate'),
    entities: submitted.getAll('entities').map(Number),
  };
}

/** Returns the access that a form describes, or its errors. */
export function checkAccessForm(
  form: AccessForm,
  context: FormContext,
): { readonly draft: AccessDraft } | { readonly errors: FormErrors } {
  const authenticationType = authenticationTypes.find((each) => each === form.authenticationType);
  const errors: FormErrors = {
    ...nameErrors(form),
    ...keyErrors(form, context),
    ...(authenticationType === undefined
      ? { authenticationType: 'Choose an Authentication Type.' }
      : {}),
    ...dateErrors(form),
    ...entityErrors(form, context),
  };
  if (authenticationType === undefined || Object.keys(errors).length > 0) return { errors };
  return { draft: toDraft(form, authenticationType) };
}

function toDraft(form: AccessForm, authenticationType: AuthenticationType): AccessDraft {
  return {
    name: form.name,
    description: form.description,
    key: form.key,
    authenticationType,
    isActive: form.isActive,
    effectiveDate: form.effectiveDate,
    expirationDate: form.expirationDate === '' ? null : form.expirationDate,
    entities: new Set(form.entities),
  };
}

function nameErrors({ name, description }: AccessForm): FormErrors {
  return {
    ...(name === '' ? { name: 'Enter a Name.' } : {}),
    ...(name.length > maxNameLength
      ? { name: `The Name has ${name.length} characters; at most ${maxNameLength} are allowed.` }
      : {}),
    ...(description.length > maxDescriptionLength
      ? {
          description: `The Description has ${description.length} characters; at most ${maxDescriptionLength} are allowed.`,
        }
      : {}),
  };
}

function keyErrors({ key }: AccessForm, { isKeyTaken }: FormContext): FormErrors {
  if (key === '') return { key: 'Enter a Key.' };
  if (key.length > maxKeyLength) {
    return { key: `The Key has ${key.length} characters; at most ${maxKeyLength} fit.` };
  }
  if (!/^[A-Za-z0-9._-]+$/u.test(key)) {
    return { key: 'The Key can contain only letters, digits, dots, hyphens and underscores.' };
  }
  if (isKeyTaken(key)) {
    return { key: 'Another Integration Access has this Key. Enter a different one.' };
  }
  return {};
}

function dateErrors({ effectiveDate, expirationDate }: AccessForm): FormErrors {
  const errors: FormErrors = {
    ...(isDate(effectiveDate) ? {} : { effectiveDate: 'Enter the Effective Date as a date.' }),
    ...(expirationDate === '' || isDate(expirationDate)
      ? {}
      : {
          expirationDate:
            'Enter the Expiration Date as a date, or leave it empty for an access that does not expire.',
        }),
  };
  if (Object.keys(errors).length > 0 || expirationDate === '') return errors;
  return expirationDate < effectiveDate
    ? { expirationDate: 'The Expiration Date lies before the Effective Date.' }
    : {};
}

function entityErrors({ entities }: AccessForm, { entityIds }: FormContext): FormErrors {
  if (entities.length === 0) return { entities: 'Select at least one Custom API Entity.' };
  return entities.every((id) => entityIds.includes(id))
    ? {}
    : { entities: 'One of the selected entities is not there (any more). Select again.' };
}

function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/u.test(text) && parseDay(text) !== undefined;
}

/** Returns the same date a year later; 29 February becomes 28 February. */
export function addYear(date: string): string {
  const { year, month, day } = toDate(parseDay(date) ?? 0);
  const isLeapDay = month === 2 && day === 29;
  return formatDay(toDay(year + 1, month, isLeapDay ? 28 : day));
}
