/** The current state of an integration access, as shown on the pages. */
import type { Access } from '../api/access.ts';

export type AccessState = 'Active' | 'Inactive' | 'Not yet effective' | 'Expired';

/** Returns the state on a date (`YYYY-MM-DD`); the Expiration Date is the last valid day. */
export function accessState(access: Access, today: string): AccessState {
  if (!access.isActive) return 'Inactive';
  if (today < access.effectiveDate) return 'Not yet effective';
  return access.expirationDate !== null && today > access.expirationDate ? 'Expired' : 'Active';
}

/** Returns when the newest secret was generated, as milliseconds since 1970; `given` for one set otherwise. */
export function secretState(access: Access): number | 'given' | 'none' {
  if (access.secret !== null) return 'given';
  return access.secrets.at(-1)?.generatedAtMs ?? 'none';
}
