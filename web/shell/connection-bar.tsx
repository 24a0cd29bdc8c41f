/** Says that the server can't be reached, and goes on by itself once it answers again. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';

import { ApiError } from '../api/api-client.ts';

/** Often enough not to be waited for, rarely enough for a server that is coming up. */
const retryMs = 5_000;

/** The live region is always there, or the news would not be read out. */
export function ConnectionBar() {
  const { isLost, tryNow } = useConnection();
  return (
    <output className="connection-bar" data-lost={isLost || undefined}>
      {isLost && (
        <span className="connection-text">
          Connection lost. What you see may be out of date; what you typed stays here. Trying again
          every few seconds …{' '}
          <button type="button" className="text-button" onClick={() => void tryNow()}>
            Try now
          </button>
        </span>
      )}
    </output>
  );
}

/** Lost from the first request that found no server until the server answers; then everything is read anew. */
function useConnection() {
  const queries = useQueryClient();
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    const notice = (error: unknown) =>
      error instanceof ApiError && error.code === 'unreachable' && setLost(true);
    const unsubscribeQueries = queries
      .getQueryCache()
      .subscribe(({ query }) => notice(query.state.fetchFailureReason));
    const unsubscribeMutations = queries
      .getMutationCache()
      .subscribe(({ mutation }) => notice(mutation?.state.error));
    const goneOffline = () => setLost(true);
    window.addEventListener('offline', goneOffline);
    return () => {
      unsubscribeQueries();
      unsubscribeMutations();
      window.removeEventListener('offline', goneOffline);
    };
  }, [queries]);
  const tryNow = useCallback(async () => {
    const isThere = await fetch('/healthz').then(
      ({ ok }) => ok,
      () => false,
    );
    if (!isThere) return;
    setLost(false);
    await queries.refetchQueries({ type: 'active' });
  }, [queries]);
  useEffect(() => {
    if (!isLost) return undefined;
    const timer = setInterval(() => void tryNow(), retryMs);
    return () => clearInterval(timer);
  }, [isLost, tryNow]);
  return { isLost, tryNow };
}
