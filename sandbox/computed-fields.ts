/** Fields that Skyward computes out of other fields, here and in related tables. */
import type { Day } from './day.ts';
import type { PeopleColumns } from './people-tables.ts';
import type { ComputedFields, Store } from './store.ts';

/** What computed fields may look at beside the rows. */
export interface ComputedSetting {
  readonly today: Day;
  readonly columns: PeopleColumns;
}

/** The computed fields of every object that has some. */
export function computedFields(_store: Store, _setting: ComputedSetting): ComputedFields {
  return {};
}
