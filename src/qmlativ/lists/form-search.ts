/**
 * Finds out, after a refusal whose words tell nothing, in which form a server gives a list: the form of such answers
 * is not public, so only further requests can tell what the refusal was about.
 */
import type { RequestForm } from './request-forms.ts';

/** Every server has to give pages of so few rows. */
const minPageSize = 50;

/** Enough to find three refused fields among thirty; what is still in doubt then is left out. */
const maxTrials = 24;

export interface FormSearch<Rejection> {
  /** What was refused. */
  readonly wanted: RequestForm;
  /** The fields without which the list is of no use. */
  readonly required: readonly string[];
  /** Asks for the list in a form; gives the refusal, or undefined when a list came. */
  readonly trial: (form: RequestForm) => Promise<Rejection | undefined>;
  /** The fields that a refusal names among those asked for. */
  readonly findNamedFields: (rejection: Rejection, fields: readonly string[]) => readonly string[];
}

/**
 * The best form in which the list comes, or the refusal of the plainest one: a few rows with the required fields alone,
 * in any order. From there on, order, page size and fields are asked for again, one after the other.
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
  // In the order in which the object names them.
  return { form: { ...form, fields: wanted.fields.filter((field) => fields.has(field)) } };
}

/** Those of the required fields with which a list is refused that comes without them; none where it never comes. */
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

/** Adds the optional fields in halves, and leaves out those that are refused by themselves. */
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
