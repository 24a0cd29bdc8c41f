/**
 * Finds the form in which a server returns a list, after a rejection whose text does not show the cause. The format of
 * such rejections is not public, so only further requests can find it.
 */
import type { RequestForm } from './request-forms.ts';

/** Every server should allow pages of this size. */
const minPageSize = 50;

/** Enough to find three rejected fields among thirty; fields still in doubt are omitted. */
const maxTrials = 24;

export interface FormSearch<Rejection> {
  /** The rejected form. */
  readonly wanted: RequestForm;
  /** Fields without which the list is useless. */
  readonly required: readonly string[];
  /** Requests the list in a form. Returns the rejection, or undefined for a list. */
  readonly trial: (form: RequestForm) => Promise<Rejection | undefined>;
  /** Returns which of the requested fields a rejection names. */
  readonly findNamedFields: (rejection: Rejection, fields: readonly string[]) => readonly string[];
}

/**
 * Returns the best accepted form, or the rejection of the minimal one: a few rows with only the required fields,
 * unsorted. Starting from that, sorting, page size and fields are added one after another.
 */
export async function findForm<Rejection>(
  search: FormSearch<Rejection>,
): Promise<{ readonly form: RequestForm } | { readonly rejection: Rejection }> {
  const { wanted, required, trial } = search;
  let form: RequestForm = {
    fields: wanted.fields.filter((field) => required.includes(field)),
    isSorted: false,
    pageSize: Math.min(wanted.pageSize, minPageSize),
  };
  const rejection = await trial(form);
  if (rejection !== undefined) return { rejection };
  const isAccepted = async (other: RequestForm) => (await trial(other)) === undefined;

  const sorted = { ...form, isSorted: true };
  if (wanted.isSorted && (await isAccepted(sorted))) form = sorted;
  for (let pageSize = wanted.pageSize; pageSize > form.pageSize; pageSize = halve(pageSize))
    if (await isAccepted({ ...form, pageSize })) form = { ...form, pageSize };
  const fields = await widen(search, { ...form, pageSize: Math.min(wanted.pageSize, minPageSize) });
  return { form: { ...form, fields: wanted.fields.filter((field) => fields.has(field)) } };
}

/** Returns the required fields that cause the rejection; none if the list is rejected without them, too. */
export async function findRejectedFields<Rejection>(
  search: FormSearch<Rejection>,
  key: string,
): Promise<string[]> {
  const { wanted, required, trial } = search;
  const pageSize = Math.min(wanted.pageSize, minPageSize);
  const form: RequestForm = { fields: [key], isSorted: false, pageSize };
  if ((await trial(form)) !== undefined) return [];
  const accepted = await widen({ ...search, wanted: { ...form, fields: required } }, form);
  return required.filter((field) => !accepted.has(field));
}

const halve = (pageSize: number) => Math.max(Math.floor(pageSize / 2), minPageSize);

/** Adds fields by bisection, omitting those that are rejected on their own. */
async function widen<Rejection>(
  { wanted, trial, findNamedFields }: FormSearch<Rejection>,
  form: RequestForm,
): Promise<ReadonlySet<string>> {
  const accepted = new Set(form.fields);
  let trials = 0;
  const add = async (fields: readonly string[]): Promise<void> => {
    if (fields.length === 0 || trials >= maxTrials) return;
    trials += 1;
    const rejection = await trial({ ...form, fields: [...accepted, ...fields] });
    if (rejection === undefined) {
      for (const field of fields) accepted.add(field);
      return;
    }
    const named = findNamedFields(rejection, fields);
    if (named.length > 0 && named.length < fields.length)
      return add(fields.filter((field) => !named.includes(field)));
    if (fields.length === 1) return;
    const middle = Math.ceil(fields.length / 2);
    await add(fields.slice(0, middle));
    await add(fields.slice(middle));
  };
  await add(wanted.fields.filter((field) => !accepted.has(field)));
  return accepted;
}
