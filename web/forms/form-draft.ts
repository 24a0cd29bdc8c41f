/** A form being edited: changes with undo, problems, and the cleaned result. Pure. */
import type { FormField } from '../../src/contract/documents/form-template.ts';
import { FormDraft } from '../../src/contract/documents/forms.ts';

export type FormSection = FormDraft['sections'][number];

/** The draft and its earlier states. */
export interface DraftHistory {
  readonly draft: FormDraft;
  readonly before: readonly FormDraft[];
  /** Where the last change was made: consecutive typing in one place is one change. */
  readonly place: string | null;
}

export const createHistory = (draft: FormDraft): DraftHistory => ({
  draft,
  before: [],
  place: null,
});

/** Limits memory; more is hardly ever undone. */
const maxSteps = 200;

/** Adds a change. Undo reverts consecutive changes with the same `place` together; null never merges. */
export function pushChange(
  { draft, before, place: lastPlace }: DraftHistory,
  next: FormDraft,
  place: string | null,
): DraftHistory {
  const isSame = place !== null && place === lastPlace;
  return { draft: next, before: isSame ? before : [...before, draft].slice(-maxSteps), place };
}

/** Returns the draft before the last change. */
export function undoChange(history: DraftHistory): DraftHistory {
  const draft = history.before.at(-1);
  return draft === undefined
    ? history
    : { draft, before: history.before.slice(0, -1), place: null };
}

export const replacedAt = <One>(list: readonly One[], index: number, one: One): One[] =>
  list.map((given, place) => (place === index ? one : given));
export const removedAt = <One>(list: readonly One[], index: number): One[] =>
  list.filter((_, place) => place !== index);

/** Returns the list with one item moved up (-1) or down (1), or unchanged if it can't be moved. */
export function movedAt<One>(list: readonly One[], index: number, by: -1 | 1): One[] {
  const moved = [...list];
  const [one, other] = [moved[index], moved[index + by]];
  if (one === undefined || other === undefined) return moved;
  moved[index] = other;
  moved[index + by] = one;
  return moved;
}

/** Returns `dateOfMeeting` for `Date of meeting`, distinct from those taken. */
export function createFieldKey(label: string, taken: readonly string[]): string {
  const words = label
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  const joined = words
    .map((word, index) =>
      index === 0
        ? word.toLowerCase()
        : `${word.charAt(0).toUpperCase()}${word.slice(1).toLowerCase()}`,
    )
    .join('');
  return makeUnique(
    /^[a-z]/.test(joined) ? joined.slice(0, 50) : `field${joined.slice(0, 45)}`,
    taken,
  );
}

/** Returns `field-trip` for `Field trip`, distinct from those taken. */
export function createFormKey(title: string, taken: readonly string[]): string {
  const words = title
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return makeUnique(
    /^[a-z]./.test(words) ? words.slice(0, 50) : `form-${words.slice(0, 45)}`,
    taken,
  );
}

function makeUnique(key: string, taken: readonly string[]): string {
  let [found, number] = [key, 1];
  while (taken.includes(found)) found = `${key}${(number += 1)}`;
  return found;
}

export const emptyDraft: FormDraft = {
  key: 'new',
  title: '',
  group: '',
  summary: '',
  allowsSeveral: false,
  sections: [{ title: '', fields: [] }],
};

/** Returns the field with another kind; keeps name and binding if the kind supports them. */
export function changeKind(field: FormField, kind: FormField['kind']): FormField {
  const { key, label, help, isRequired } = field;
  const common = {
    key,
    label,
    ...(help !== undefined && { help }),
    ...(isRequired !== undefined && { isRequired }),
  };
  if (kind === 'choice') return { ...common, kind, options: [] };
  if (kind === 'people') return { ...common, kind, columns: [{ key: 'name', label: 'Name' }] };
  return { ...common, kind };
}

/** Returns the draft as it is sent: trimmed, and without empty lines. */
export function cleanDraft(draft: FormDraft): FormDraft {
  return {
    ...draft,
    title: draft.title.trim(),
    group: draft.group.trim(),
    summary: draft.summary.trim(),
    sections: draft.sections.map((section) => {
      const introduction = nonEmptyLines(section.introduction ?? []);
      const { introduction: _introduction, ...rest } = section;
      return {
        ...rest,
        title: section.title.trim(),
        fields: section.fields.map(cleanField),
        ...(introduction.length > 0 && { introduction }),
      };
    }),
  };
}

function cleanField(field: FormField): FormField {
  const label = field.label.trim();
  if (field.kind === 'choice') return { ...field, label, options: nonEmptyLines(field.options) };
  return { ...field, label };
}

const nonEmptyLines = (lines: readonly string[]): string[] =>
  lines.map((line) => line.trim()).filter((line) => line !== '');

/** Lists the schema's problems in the editor's terms. */
export function draftProblems(draft: FormDraft): string[] {
  const parsed = FormDraft.safeParse(cleanDraft(draft));
  if (parsed.success) return [];
  const problems = parsed.error.issues.map(({ path, code }) => {
    const what = path.findLast((part) => typeof part === 'string') ?? 'form';
    const isMissing = code === 'too_small';
    return `${formatPlace(path)}${partLabels[what] ?? what} ${isMissing ? 'is missing' : 'is not valid'}.`;
  });
  return [...new Set(problems)];
}

const partLabels: Readonly<Record<string, string>> = {
  title: 'the title',
  group: 'the special program',
  label: 'the name',
  sections: 'a section',
  fields: 'the number of fields',
  options: 'the list of options (two or more)',
  columns: 'the list of columns',
  key: 'the key',
  introduction: 'the introduction',
};

function formatPlace(path: readonly PropertyKey[]): string {
  const [first, section, second, field] = path;
  if (first !== 'sections' || typeof section !== 'number') return 'Form: ';
  const isField = second === 'fields' && typeof field === 'number';
  return `Section ${section + 1}${isField ? `, field ${field + 1}` : ''}: `;
}

/** Earlier versions exported the introduction of a section as `words`. */
function renameWords(section: unknown): unknown {
  if (typeof section !== 'object' || section === null || !('words' in section)) return section;
  const { words: introduction, ...rest } = section;
  return { ...rest, introduction };
}

/** Parses an imported file; returns the draft, or a message about what is wrong. */
export function parseImportedForm(text: string): FormDraft | string {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return 'This file is not JSON.';
  }
  if (typeof given === 'object' && given !== null) {
    const { version: _version, ...rest } = { version: 0, ...given };
    const sections = 'sections' in rest && Array.isArray(rest.sections) ? rest.sections : [];
    given = { ...rest, ...(sections.length > 0 && { sections: sections.map(renameWords) }) };
  }
  const parsed = FormDraft.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') ?? '';
  return `This is not a form: ${place === '' ? 'the file' : `"${place}"`} does not have the expected format.`;
}
