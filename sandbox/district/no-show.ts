/** Marking of no-shows: with Skyward's flags, or by dates alone. */
import type { Accesses } from '../api/access.ts';
import type { SwitchValues } from '../api/contract-switches.ts';
import { parseDay, formatDay, type Day } from '../day.ts';
import { normalizeCode } from './code-tables.ts';
import type { Store } from './store.ts';
import type { RowValues } from './table.ts';

type NoShowMarking = SwitchValues['no-show'];

const path = 'Enrollment/EntryWithdrawal';
/** No public access file lists them, but every district can permit them. */
const flags = ['IsNoShow', 'EnrolledAtLeastOneDay'] as const;

/** Returns the end and the flag of a no-show's row with a planned `start`. */
export function noShowValues(start: Day, marking: NoShowMarking): RowValues {
  const isFlagged = marking !== 'end-before-start';
  return { EndDate: `${formatDay(isFlagged ? start : start - 1)}T00:00:00`, IsNoShow: isFlagged };
}

/** Changes the marking of all no-shows, including enrollments canceled before their start. */
export function remarkNoShows(store: Store, marking: NoShowMarking): void {
  const table = store.table(path);
  const codes = store.table('Enrollment/WithdrawalCode');
  const code = codes.reader('Code');
  const start = table.reader('StartDate');
  for (let row = 0; row < codes.rowCount; row += 1) {
    if (!codes.isLive(row) || normalizeCode(code(row)) !== 'NS') continue;
    for (const enrollment of Array.from(table.rowsWhere('WithdrawalCodeID', codes.idOf(row)))) {
      const day = parseDay(String(start(enrollment)));
      if (day !== undefined) table.update(enrollment, noShowValues(day, marking));
    }
  }
}

/** Adds permissions for the flags to every access, or removes them. */
export function grantNoShowFlags(accesses: Accesses, marking: NoShowMarking): void {
  for (const { key, fields } of accesses.list()) {
    accesses.change(key, { fields: withNoShowFlags(fields, marking) });
  }
}

/** Returns permissions with or without the flags. */
export function withNoShowFlags(
  fields: ReadonlyMap<string, ReadonlySet<string>>,
  marking: NoShowMarking,
): ReadonlyMap<string, ReadonlySet<string>> {
  const granted = new Set(fields.get(path));
  if (granted.size === 0) return fields;
  for (const flag of flags) {
    if (marking === 'flags-not-granted') granted.delete(flag);
    else granted.add(flag);
  }
  return new Map(fields).set(path, granted);
}
