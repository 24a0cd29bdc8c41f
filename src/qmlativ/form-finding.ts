/**
 * Finds out, after a refusal whose words tell nothing, in which form a server gives a list: the form of such answers
 * is not public, so only further requests can tell what the refusal was about.
 */
import type { RequestForm } from './request-forms.ts';

/** Every server has to give pages of so few rows. */
const smallPage = 50;

/** Enough to find three refused fields among thirty; what is still in doubt then is left out. */
const mostTrials = 24;

export interface FormFinding<Refusal> {
  /** What was refused. */
  readonly wanted: RequestForm;
  /** The fields without which the list is of no use. */
  readonly required: readonly string[];
  /** Asks for the list in a form; gives the refusal, or undefined when a list came. */
  readonly trial: (form: RequestForm) => Promise<Refusal | undefined>;
  /** The fields that a refusal names among those asked for. */
  readonly namedIn: (refusal: Refusal, fields: readonly string[]) => readonly string[];
}

/**
 * The best form in which the list comes, or the refusal of the plainest one: a few rows with the required fields alone,
 * in any order. From there on, order, page size and fields are asked for again, one after the other.
 */
export async function findForm<Refusal>(
  finding: FormFinding<Refusal>,
): Promise<{ readonly form: RequestForm } | { readonly refusal: Refusal }> {
  const { wanted, required, trial } = finding;
  let form: RequestForm = {
    fields: wanted.fields.filter((field) => required.includes(field)),
    isSorted: false,
    pageSize: Math.min(wanted.pageSize, smallPage),
  };
  const refusal = await trial(form);
  if (refusal !== undefined) return { refusal };
  const isTaken = async (other: RequestForm) => (await trial(other)) === undefined;

  const sorted = { ...form, isSorted: true };
  if (wanted.isSorted && (await isTaken(sorted))) form = sorted;
  for (let pageSize = wanted.pageSize; pageSize > form.pageSize; pageSize = halved(pageSize))
    if (await isTaken({ ...form, pageSize })) form = { ...form, pageSize };
  const fields = await widen(finding, { ...form, pageSize: Math.min(wanted.pageSize, smallPage) });
  // In the order in which the object names them.
  return { form: { ...form, fields: wanted.fields.filter((field) => fields.has(field)) } };
}

/** Those of the required fields with which a list is refused that comes without them; none where it never comes. */
export async function findRefusedFields<Refusal>(
  finding: FormFinding<Refusal>,
  key: string,
): Promise<string[]> {
  const { wanted, required, trial } = finding;
  const pageSize = Math.min(wanted.pageSize, smallPage);
  const form: RequestForm = { fields: [key], isSorted: false, pageSize };
  if ((await trial(form)) !== undefined) return [];
  const taken = await widen({ ...finding, wanted: { ...form, fields: required } }, form);
  return required.filter((field) => !taken.has(field));
}

const halved = (pageSize: number) => Math.max(Math.floor(pageSize / 2), smallPage);

/** Adds the optional fields in halves, and leaves out those that are refused by themselves. */
async function widen<Refusal>(
  { wanted, trial, namedIn }: FormFinding<Refusal>,
  form: RequestForm,
): Promise<ReadonlySet<string>> {
  const taken = new Set(form.fields);
  let trials = 0;
  const add = async (wishes: readonly string[]): Promise<void> => {
    if (wishes.length === 0 || trials >= mostTrials) return;
    trials += 1;
    const refusal = await trial({ ...form, fields: [...taken, ...wishes] });
    if (refusal === undefined) {
      for (const field of wishes) taken.add(field);
      return;
    }
    const named = namedIn(refusal, wishes);
    if (named.length > 0 && named.length < wishes.length)
      return add(wishes.filter((field) => !named.includes(field)));
    if (wishes.length === 1) return;
    const middle = Math.ceil(wishes.length / 2);
    await add(wishes.slice(0, middle));
    await add(wishes.slice(middle));
  };
  await add(wanted.fields.filter((field) => !taken.has(field)));
  return taken;
}
