/** Writes rows as the JSON of an answer, straight from the columns. */
import type { FieldDefinition } from './catalogue.ts';
import type { Reader } from './columns.ts';
import type { FieldPath } from './field-path.ts';
import type { RowForm } from './row-form.ts';

/** Writes one row as a JSON object. */
export type RowWriter = (row: number) => string;

interface Member {
  readonly name: string;
  readonly field: FieldDefinition;
  readonly read?: Reader;
  /** Members of a related row; it is null where `leads` says so. */
  readonly inner?: { readonly leads: Reader; readonly members: Member[] };
}

/** A writer of these fields; dotted paths become nested objects unless the form says otherwise. */
export function createRowWriter(paths: readonly FieldPath[], form?: RowForm): RowWriter {
  const members: Member[] = [];
  for (const { names, steps, read, field } of paths) {
    if (form?.isFlat === true) {
      members.push({ name: names.join('.'), field, read });
      continue;
    }
    let level = members;
    for (const [place, name] of names.entries()) {
      const leads = steps[place];
      if (leads === undefined) {
        level.push({ name, field, read });
        continue;
      }
      let found = level.find((member) => member.name === name && member.inner !== undefined);
      if (found === undefined) {
        found = { name, field, inner: { leads, members: [] } };
        level.push(found);
      }
      level = found.inner?.members ?? level;
    }
  }
  return form === undefined ? memberWriter(members) : formWriter(members, form);
}

/** Writes rows in another form than the default. */
function formWriter(members: readonly Member[], form: RowForm): RowWriter {
  const parts = members.map(({ name, field, read = () => null, inner }) => {
    const start = `${JSON.stringify(form.nameOf(name))}:`;
    if (inner === undefined) {
      return (row: number) => {
        const value = form.valueOf(field, read(row));
        return value === undefined ? [] : [start + JSON.stringify(value)];
      };
    }
    const write = formWriter(inner.members, { ...form, extras: [] });
    return (row: number) => {
      if (inner.leads(row) === true) return [start + write(row)];
      return form.isWithoutNulls ? [] : [`${start}null`];
    };
  });
  return (row) => `{${[...parts.flatMap((part) => part(row)), ...form.extras].join(',')}}`;
}

function memberWriter(members: readonly Member[]): RowWriter {
  const parts = members.map(({ name, read, inner }, place) => {
    const start = `${place === 0 ? '{' : ','}${JSON.stringify(name)}:`;
    if (inner === undefined) return { start, write: valueWriter(read ?? (() => null)) };
    const write = memberWriter(inner.members);
    return { start, write: (row: number) => (inner.leads(row) === true ? write(row) : 'null') };
  });
  return (row) => {
    let text = parts.length === 0 ? '{' : '';
    for (const { start, write } of parts) text += start + write(row);
    return `${text}}`;
  };
}

// Anything that JSON writes with an escape. Lone surrogates do not occur in practice data.
// eslint-disable-next-line no-control-regex
const needsEscape = /["\\\u0000-\u001f]/u;

function valueWriter(read: Reader): RowWriter {
  return (row) => {
    const value = read(row);
    if (typeof value === 'string')
      return needsEscape.test(value) ? JSON.stringify(value) : `"${value}"`;
    return String(value);
  };
}
