/** What an integration access amounts to today, in the words of the pages. */
import type { Access } from '../api/access.ts';

export type AccessState = 'Active' | 'Inactive' | 'Not yet effective' | 'Expired';

/** The state on a date (`YYYY-MM-DD`); an access works through its Expiration Date itself. */
export function accessState(access: Access, today: string): AccessState {
  if (!access.isActive) return 'Inactive';
  if (today < access.effectiveDate) return 'Not yet effective';
  return access.expirationDate !== null && today > access.expirationDate ? 'Expired' : 'Active';
}

/** When the newest secret was generated, as milliseconds since 1970; `given` for one set otherwise. */
export function secretState(access: Access): number | 'given' | 'none' {
  if (access.secret !== null) return 'given';
  return access.secrets.at(-1)?.generatedAtMs ?? 'none';
}
