/** The forms of a district in the database: its own forms with their versions, and which forms staff can use. */
import { FormTemplate } from '../contract/documents/form-template.ts';
import type { FormDraft, FormLine } from '../contract/documents/forms.ts';
import type { DistrictDatabase } from '../database/district-and-school-scope.ts';
import { prepared } from '../database/prepared-statement.ts';
import type { Author } from './document-context.ts';
import { formProblems } from './filled-values.ts';
import { findBuiltInForm, builtInForms } from './built-in-forms.ts';

/** A form with the district's settings for it. */
export interface DistrictForm {
  readonly template: FormTemplate;
  readonly origin: FormLine['origin'];
  readonly isOffered: boolean;
  readonly changedAt: Temporal.Instant | null;
  readonly changedBy: string | null;
}

interface Row {
  readonly key: string;
  readonly version: number | null;
  readonly definition: unknown;
  readonly isOffered: boolean;
  readonly changedAt: Temporal.Instant;
  readonly changedBy: string;
}

const rowsOfForms = `
  select f.form_key as key, f.version, t.definition, f.is_offered as "isOffered", f.changed_at as "changedAt",
    f.changed_by_name as "changedBy"
  from district_forms f left join form_templates t
    on t.district_id = f.district_id and t.form_key = f.form_key and t.version = f.version
  where f.district_id = $1 and ($2::text is null or f.form_key = $2)`;

/** Returns all forms: the built-in ones in their order, then the district's own by title. */
export async function listDistrictForms(database: DistrictDatabase): Promise<DistrictForm[]> {
  const rows = await database.rows<Row>(prepared(rowsOfForms), null);
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const own = rows
    .filter(({ version }) => version !== null)
    .map((row) => toOwnForm(row))
    .toSorted((a, b) => a.template.title.localeCompare(b.template.title, 'en'));
  return [...builtInForms.map((form) => toBuiltInForm(form, byKey.get(form.key))), ...own];
}

/** Returns the form with this key; `undefined` if the district has none. */
export async function findDistrictForm(
  database: DistrictDatabase,
  key: string,
): Promise<DistrictForm | undefined> {
  const row = await database.one<Row>(prepared(rowsOfForms), key);
  const builtIn = findBuiltInForm(key);
  if (builtIn !== undefined) return toBuiltInForm(builtIn, row);
  return row && toOwnForm(row);
}

const toBuiltInForm = (template: FormTemplate, row: Row | undefined): DistrictForm => ({
  template,
  origin: 'built-in',
  isOffered: row?.isOffered ?? true,
  changedAt: row?.changedAt ?? null,
  changedBy: row?.changedBy ?? null,
});

const toOwnForm = ({ definition, isOffered, changedAt, changedBy }: Row): DistrictForm => ({
  template: FormTemplate.parse(definition),
  origin: 'district',
  isOffered,
  changedAt,
  changedBy,
});

/** Result of a save; a rejection has its reasons as sentences. */
export type FormSave =
  | { readonly outcome: 'saved'; readonly version: number }
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'refused'; readonly problems: readonly string[] };

/** Saves the next version of a district's own form; `seen` is the edited version, 0 for a new form. */
export async function saveDistrictForm(
  database: DistrictDatabase,
  draft: FormDraft,
  seen: number,
  author: Author,
): Promise<FormSave> {
  if (findBuiltInForm(draft.key) !== undefined) {
    const sentence = `"${draft.key}" is the key of a built-in form. Choose another one.`;
    return { outcome: 'refused', problems: [sentence] };
  }
  const template: FormTemplate = { ...draft, version: seen + 1 };
  const problems = formProblems(template);
  if (problems.length > 0) return { outcome: 'refused', problems };
  // Serializes concurrent saves of the same form.
  await database.client.query('select pg_advisory_xact_lock(hashtextextended($1, $2))', [
    `form ${draft.key}`,
    database.scope.districtId,
  ]);
  const row = await database.one<{ version: number }>(
    'select version from district_forms where district_id = $1 and form_key = $2',
    draft.key,
  );
  if ((row?.version ?? 0) !== seen) return { outcome: 'conflict' };
  await database.execute(
    `insert into form_templates (district_id, form_key, version, definition, stored_by_name)
     values ($1, $2, $3, $4, $5)`,
    draft.key,
    template.version,
    JSON.stringify(template),
    author.name,
  );
  await database.execute(
    `insert into district_forms (district_id, form_key, version, changed_by, changed_by_name)
     values ($1, $2, $3, $4, $5)
     on conflict (district_id, form_key) do update set version = excluded.version, changed_at = now(),
       changed_by = excluded.changed_by, changed_by_name = excluded.changed_by_name`,
    draft.key,
    template.version,
    author.accountId,
    author.name,
  );
  return { outcome: 'saved', version: template.version };
}

/** Makes a form available to staff, or not; returns false if the district has no such form. */
export async function setFormOffered(
  database: DistrictDatabase,
  key: string,
  isOffered: boolean,
  author: Author,
): Promise<boolean> {
  const isBuiltIn = findBuiltInForm(key) !== undefined;
  return (
    (await database.execute(
      isBuiltIn
        ? `insert into district_forms (district_id, form_key, is_offered, changed_by, changed_by_name)
         values ($1, $2, $3, $4, $5)
         on conflict (district_id, form_key) do update set is_offered = excluded.is_offered,
           changed_at = now(), changed_by = excluded.changed_by, changed_by_name = excluded.changed_by_name`
        : `update district_forms set is_offered = $3, changed_at = now(), changed_by = $4, changed_by_name = $5
         where district_id = $1 and form_key = $2`,
      key,
      isOffered,
      author.accountId,
      author.name,
    )) === 1
  );
}

/** Returns the stored versions of a form, latest first. */
export async function listFormVersions(
  database: DistrictDatabase,
  key: string,
): Promise<{ version: number; at: Temporal.Instant; by: string | null }[]> {
  return database.rows<{ version: number; at: Temporal.Instant; by: string | null }>(
    `select version, stored_at as at, stored_by_name as by from form_templates
     where district_id = $1 and form_key = $2 order by version desc`,
    key,
  );
}

/** Returns a version of a form; `undefined` if it is not stored. */
export async function findFormVersion(
  database: DistrictDatabase,
  key: string,
  version: number,
): Promise<FormTemplate | undefined> {
  const row = await database.one<{ definition: unknown }>(
    'select definition from form_templates where district_id = $1 and form_key = $2 and version = $3',
    key,
    version,
  );
  return row && FormTemplate.parse(row.definition);
}
