/** A simulated day of the demo, and with what something can happen in it. */
import type pg from 'pg';
import type { District } from '../../districts/district.ts';
import type { DemoAccounts } from './demo-accounts.ts';
import type { DemoSkyward } from './demo-skyward.ts';

export interface Scene {
  readonly pool: pg.Pool;
  readonly district: District;
  readonly skyward: DemoSkyward;
  readonly people: DemoAccounts;
  /** The case manager's school. */
  readonly schoolId: number;
  readonly today: Temporal.PlainDate;
  /** The last day of the story. */
  readonly lastDay: Temporal.PlainDate;
  /** Imports now, as requested by the administrator. */
  readonly importNow: () => Promise<void>;
}
