/** Writes rows as JSON directly from the columns. */
import type { FieldDefinition } from '../district/catalog.ts';
import type { Reader } from '../district/columns.ts';
import type { FieldPath } from './field-path.ts';
import type { RowFormat } from './row-format.ts';

/** Writes one row as a JSON object. */
export type RowWriter = (row: number) => string;

interface Member {
  readonly name: string;
  readonly field: FieldDefinition;
  readonly read?: Reader;
  /** Members of a related row; null if `hasTarget` is false. */
  readonly inner?: { readonly hasTarget: Reader; readonly members: Member[] };
}

/** Returns a writer of these fields; dotted paths become nested objects unless the form is flat. */
export function createRowWriter(paths: readonly FieldPath[], format?: RowFormat): RowWriter {
  const members: Member[] = [];
  for (const { names, targetChecks: steps, read, field } of paths) {
    if (format?.isFlat === true) {
      members.push({ name: names.join('.'), field, read });
      continue;
    }
    let level = members;
    for (const [index, name] of names.entries()) {
      const hasTarget = steps[index];
      if (hasTarget === undefined) {
        level.push({ name, field, read });
        continue;
      }
      let found = level.find((member) => member.name === name && member.inner !== undefined);
      if (found === undefined) {
        found = { name, field, inner: { hasTarget, members: [] } };
        level.push(found);
      }
      level = found.inner?.members ?? level;
    }
  }
  return format === undefined
    ? createMemberWriter(members)
    : createFormattedWriter(members, format);
}

/** Returns a writer for a form other than the default. */
function createFormattedWriter(members: readonly Member[], format: RowFormat): RowWriter {
  const parts = members.map(({ name, field, read = () => null, inner }) => {
    const start = `${JSON.stringify(format.formatName(name))}:`;
    if (inner === undefined) {
      return (row: number) => {
        const value = format.formatValue(field, read(row));
        return value === undefined ? [] : [start + JSON.stringify(value)];
      };
    }
    const write = createFormattedWriter(inner.members, { ...format, extras: [] });
    return (row: number) => {
      if (inner.hasTarget(row) === true) return [start + write(row)];
      return format.omitsNulls ? [] : [`${start}null`];
    };
  });
  return (row) => `{${[...parts.flatMap((part) => part(row)), ...format.extras].join(',')}}`;
}

function createMemberWriter(members: readonly Member[]): RowWriter {
  const parts = members.map(({ name, read, inner }, index) => {
    const start = `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`;
    if (inner === undefined) return { start, write: createValueWriter(read ?? (() => null)) };
    const write = createMemberWriter(inner.members);
    return { start, write: (row: number) => (inner.hasTarget(row) === true ? write(row) : 'null') };
  });
  return (row) => {
    let text = parts.length === 0 ? '{' : '';
    for (const { start, write } of parts) text += start + write(row);
    return `${text}}`;
  };
}

// Characters that JSON escapes. Lone surrogates do not occur in sandbox data.
// eslint-disable-next-line no-control-regex
const needsEscape = /["\\\u0000-\u001f]/u;

function createValueWriter(read: Reader): RowWriter {
  return (row) => {
    const value = read(row);
    if (typeof value === 'string')
      return needsEscape.test(value) ? JSON.stringify(value) : `"${value}"`;
    return String(value);
  };
}
