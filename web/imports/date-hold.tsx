/** The card of status changes on hold, loaded only while some are. */
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';

import { useDomain } from '../districts/district-query.ts';
import { dateHoldQuery } from './upcoming-queries.ts';

const DateHoldCard = lazy(async () => ({
  default: (await import('./date-hold-card.tsx')).DateHoldCard,
}));

/** For administrators and technicians; nothing while nothing is on hold. */
export function DateHold() {
  const { data } = useQuery(dateHoldQuery(useDomain()));
  return (
    data?.hold != null && (
      <Suspense fallback={null}>
        <DateHoldCard />
      </Suspense>
    )
  );
}
