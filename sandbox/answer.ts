/** Writes rows as the JSON of an answer, straight from the columns. */
import type { FieldPath } from './field-path.ts';
import type { RowList } from './search.ts';
import type { Reader } from './columns.ts';

/** Writes one row as a JSON object. */
export type RowWriter = (row: number) => string;

interface Member {
  readonly name: string;
  readonly read?: Reader;
  /** Members of a related row; it is null where `leads` says so. */
  readonly inner?: { readonly leads: Reader; readonly members: Member[] };
}

/** A writer of these fields; dotted paths become nested objects (contract 7.3). */
export function createRowWriter(paths: readonly FieldPath[]): RowWriter {
  const members: Member[] = [];
  for (const path of paths) {
    let level = members;
    for (const [place, name] of path.names.entries()) {
      const leads = path.steps[place];
      if (leads === undefined) {
        level.push({ name, read: path.read });
        continue;
      }
      let found = level.find((member) => member.name === name && member.inner !== undefined);
      if (found === undefined) {
        found = { name, inner: { leads, members: [] } };
        level.push(found);
      }
      level = found.inner?.members ?? level;
    }
  }
  return memberWriter(members);
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

/** The rows of one page, first page 1. Past the end there are none. */
export function pageRows(rows: RowList, page: number, pageSize: number): number[] {
  const start = (page - 1) * pageSize;
  const end = Math.min(rows.length, start + pageSize);
  const found: number[] = [];
  for (let place = start; place < end; place += 1) found.push(rows.at(place));
  return found;
}

/** The body of a list: `next` is the path of the next page, or null at the end. */
export function writePage(rows: readonly number[], write: RowWriter, next: string | null): string {
  return `{"Objects":[${rows.map(write).join(',')}],"Paging":{"Next":${JSON.stringify(next)}}}`;
}
