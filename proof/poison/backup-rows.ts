/**
 * The rows of a day, as a backup of Skyward contains them.
 *
 * This folder hides wrong data in a simulated year, and counts what an import notices before it publishes.
 */
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Row } from './poison-kind.ts';

/** Objects whose rows people change every day. */
const objects = [
  'Student/Student',
  'Demographics/Name',
  'Family/StudentGuardian',
  'Family/StudentFamily',
  'Demographics/NameAddress',
  'Demographics/NamePhone',
  'Demographics/NameEmail',
  'Enrollment/EntryWithdrawal',
  'Enrollment/StudentEntityYear',
] as const;

export interface BackupRows {
  /** Returns a row with the fields that people enter; undefined if it did not exist. */
  find(object: string, id: number): Row | undefined;
}

/** Copies the rows of today. */
export function backUp(sandbox: Sandbox): BackupRows {
  const copies = new Map<string, ReadonlyMap<number, Row>>();
  for (const object of objects) {
    const rows = sandbox.rows(object);
    const entered = [...(sandbox.catalog.get(object)?.fields.values() ?? [])]
      .filter(({ isReadOnly }) => !isReadOnly)
      .map(({ name }) => name);
    const copy = new Map<number, Row>();
    for (const id of rows.ids())
      copy.set(id, {
        id,
        values: Object.fromEntries(entered.map((field) => [field, rows.get(id, field)])),
      });
    copies.set(object, copy);
  }
  return { find: (object, id) => copies.get(object)?.get(id) };
}
