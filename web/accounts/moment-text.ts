/** Formats instants of accounts in the time zone of the user's district; technicians have none and see their own. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';

import { districtQuery } from '../districts/district-query.ts';
import { formatMoment } from '../shell/dates.ts';
import { sessionQuery } from './session-query.ts';

/** Returns a formatter: `2:05 PM` today, else `Nov 20, 2026, 2:05 PM`. */
export function useMomentText(): (instant: string) => string {
  const [now] = useState(() => new Date());
  const { data: session } = useQuery(sessionQuery);
  const { domain = session?.district?.domain } = useParams({ strict: false });
  const { data: district } = useQuery({
    ...districtQuery(domain ?? ''),
    enabled: domain !== undefined,
  });
  const timeZone = district?.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (instant) => formatMoment(instant, timeZone, now);
}
