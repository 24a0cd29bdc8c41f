/** Differences between two values of a field, a line for each thing that changed. Pure. */
import type {
  FieldValue,
  FormField,
  PersonRow,
} from '../../../src/contract/documents/form-template.ts';
import { formatValue } from '../value-format.ts';

/** A part of a value that differs; an empty text means that there is nothing on that side. */
export interface Difference {
  /** Which part: `Lucía Vega: Phone`; null if it is the whole value. */
  readonly part: string | null;
  readonly before: string;
  readonly after: string;
}

/** Returns the differences in the order of the form; rows of people are compared person by person. */
export function findDifferences(
  field: FormField,
  before: FieldValue,
  after: FieldValue,
): readonly Difference[] {
  if (field.kind !== 'people') {
    return [{ part: null, before: formatValue(field, before), after: formatValue(field, after) }];
  }
  return comparePeople(field, toRows(before), toRows(after));
}

type PeopleField = Extract<FormField, { kind: 'people' }>;

const toRows = (value: FieldValue): readonly PersonRow[] => (Array.isArray(value) ? value : []);

function comparePeople(
  field: PeopleField,
  before: readonly PersonRow[],
  after: readonly PersonRow[],
): readonly Difference[] {
  const pairs = pairPeople(field, before, after);
  const paired = new Set(pairs.values());
  const unpaired = before.filter((row) => !paired.has(row));
  const lines = [
    ...after.flatMap((row) => comparePerson(field, pairs.get(row), row)),
    ...unpaired.flatMap((row) => comparePerson(field, row, undefined)),
  ];
  if (lines.length > 0) return lines;
  const names = (rows: readonly PersonRow[]) => rows.map((row) => nameOf(field, row)).join(', ');
  return [{ part: 'Order', before: names(before), after: names(after) }];
}

/** The first column names the person. */
const nameOf = ({ columns: [first] }: PeopleField, row: PersonRow): string =>
  (first && row[first.key]) ?? '';

/** Pairs rows with the same name, then rows that share another value, such as a phone: the name was corrected. */
function pairPeople(
  field: PeopleField,
  before: readonly PersonRow[],
  after: readonly PersonRow[],
): ReadonlyMap<PersonRow, PersonRow> {
  const pairs = new Map<PersonRow, PersonRow>();
  const free = new Set(before);
  const pairBy = (isSame: (old: PersonRow, now: PersonRow) => boolean) => {
    for (const row of after) {
      if (pairs.has(row)) continue;
      const old = [...free].find((one) => isSame(one, row));
      if (old === undefined) continue;
      pairs.set(row, old);
      free.delete(old);
    }
  };
  const contacts = field.columns.filter(({ key }) => key === 'phone' || key === 'email');
  pairBy((old, now) => nameOf(field, old) === nameOf(field, now));
  pairBy((old, now) => contacts.some(({ key }) => Boolean(now[key]) && old[key] === now[key]));
  return pairs;
}

function comparePerson(
  field: PeopleField,
  before: PersonRow | undefined,
  after: PersonRow | undefined,
): readonly Difference[] {
  const part = nameOf(field, before ?? after ?? {}) || 'No name';
  if (before === undefined || after === undefined) {
    const [old, now] = [before, after].map((row) => (row ? formatValue(field, [row]) : ''));
    return [{ part, before: old ?? '', after: now ?? '' }];
  }
  return field.columns
    .map(({ key, label }) => ({
      part: `${part}: ${label}`,
      before: before[key] ?? '',
      after: after[key] ?? '',
    }))
    .filter((line) => line.before !== line.after);
}
