/** A form as data: sections, fields, and which fields are filled from a student's Details. */
import { z } from 'zod';
import { code, lines, text } from '../text.ts';

const key = code(60).regex(
  /^[a-z][A-Za-z0-9]{0,59}$/,
  'must start with a lowercase letter and contain only letters and digits',
);

const common = {
  key: key.meta({ description: 'Identifies the field in all versions of the form.' }),
  label: text(200).min(1),
  help: lines(500).optional(),
  isRequired: z.boolean().optional().meta({
    description: 'The document can be completed only if this field has a value.',
  }),
};

/** How a value of Details is written into a field. */
const ValueFormat = z.enum(['as-is', 'upper-case', 'long-date', 'short-date']);

const filled = {
  binding: code(80).optional().meta({
    description: 'The value of Details that fills the field, as a path from /form-bindings.',
  }),
  format: ValueFormat.optional(),
  fallback: lines(1000).optional().meta({
    description: 'The initial value if Details have none.',
  }),
};

const FormField = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('text'),
      ...common,
      ...filled,
      lines: z
        .int()
        .min(1)
        .max(30)
        .optional()
        .meta({ description: 'Height in lines (default 1).' }),
    }),
    z.strictObject({ kind: z.literal('date'), ...common, ...filled }),
    z.strictObject({
      kind: z.literal('choice'),
      ...common,
      ...filled,
      options: z.array(text(200).min(1)).min(2).max(50),
    }),
    z.strictObject({ kind: z.literal('yes-no'), ...common }),
    z.strictObject({
      kind: z.literal('people'),
      ...common,
      binding: filled.binding,
      columns: z
        .array(z.strictObject({ key, label: text(80).min(1) }))
        .min(1)
        .max(8),
    }),
    z.strictObject({ kind: z.literal('signature'), ...common }),
  ])
  .meta({ id: 'FormField' });
export type FormField = z.infer<typeof FormField>;

const FormKey = code(60).regex(/^[a-z][a-z0-9-]{1,59}$/);

export const FormTemplate = z
  .strictObject({
    key: FormKey,
    version: z.int().positive(),
    title: text(120).min(1),
    group: text(80).min(1).meta({ description: 'The special program it belongs to.' }),
    summary: text(300),
    allowsSeveral: z.boolean().meta({
      description: 'A student may have several incomplete documents of this form at a time.',
    }),
    sections: z
      .array(
        z.strictObject({
          title: text(120).min(1),
          introduction: z.array(lines(4000)).max(10).optional().meta({
            description: 'Paragraphs before the fields.',
          }),
          fields: z.array(FormField).max(60),
        }),
      )
      .min(1)
      .max(30),
  })
  .meta({ id: 'FormTemplate' });
export type FormTemplate = z.infer<typeof FormTemplate>;

/** Returns all fields of a form, in order. */
export const fieldsOf = ({ sections }: Pick<FormTemplate, 'sections'>): readonly FormField[] =>
  sections.flatMap(({ fields }) => fields);

/** Maximum length of a field's text. */
const maxTextLength = 10_000;

const PersonRow = z
  .record(code(60), lines(500))
  .meta({ id: 'FormPerson', description: 'A row of a table of people: text by column.' });
export type PersonRow = z.infer<typeof PersonRow>;

export const FieldValue = z
  .union([lines(maxTextLength), z.array(PersonRow).max(30)])
  .nullable()
  .meta({
    id: 'FieldValue',
    description: 'Text; a day as YYYY-MM-DD; yes or no; rows of a table of people. null: empty.',
  });
export type FieldValue = z.infer<typeof FieldValue>;

/** Whether a value has nothing to read: no text, or only empty rows. */
export const isEmptyValue = (value: FieldValue): boolean =>
  value === null ||
  (typeof value === 'string'
    ? value.trim() === ''
    : value.every((row) => Object.values(row).every((cell) => cell.trim() === '')));

/** Returns the required fields without a value, in the order of the form. */
export const listEmptyRequired = (
  form: Pick<FormTemplate, 'sections'>,
  valueOf: (key: string) => FieldValue | undefined,
): readonly FormField[] =>
  fieldsOf(form).filter(
    (field) => field.isRequired === true && isEmptyValue(valueOf(field.key) ?? null),
  );

/** Says why a document cannot be completed: `Can't complete yet: 1 required field is empty (Meeting date)`. */
export function emptyRequiredSentence(labels: readonly string[]): string {
  const fields =
    labels.length === 1 ? '1 required field is' : `${labels.length} required fields are`;
  return `Can’t complete yet: ${fields} empty (${labels.join(', ')}).`;
}

/** Returns why a field cannot have this value, as the end of a sentence; `undefined` if it can. */
export function fieldValueProblem(field: FormField, value: FieldValue): string | undefined {
  if (value === null) return undefined;
  if (field.kind === 'people') {
    if (typeof value === 'string') return 'must be rows of people';
    const known = new Set(field.columns.map((column) => column.key));
    const isKnown = value.every((row) => Object.keys(row).every((name) => known.has(name)));
    return isKnown ? undefined : 'has a column that the form does not know';
  }
  if (typeof value !== 'string') return 'must be text';
  if (field.kind === 'date' && !z.iso.date().safeParse(value).success) return 'must be a day';
  if (field.kind === 'choice' && !field.options.includes(value)) {
    return `must be one of ${field.options.join(', ')}`;
  }
  if (field.kind === 'yes-no' && value !== 'yes' && value !== 'no') return 'must be yes or no';
  return undefined;
}
