/** Shows that the server can't be reached, and continues automatically when it responds again. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';

import { ApiError } from '../../api/api-client.ts';

const retryMs = 5_000;

/** The live region is always rendered; otherwise screen readers would not announce its content. */
export function ConnectionBar() {
  const { isLost, tryNow } = useConnection();
  return (
    <output className="connection-bar" data-lost={isLost || undefined}>
      {isLost && (
        <span className="connection-text">
          Connection lost. This page may be out of date. What you typed is kept. Reconnecting …{' '}
          <button type="button" className="text-button" onClick={() => void tryNow()}>
            Try now
          </button>
        </span>
      )}
    </output>
  );
}

/** Lost from the first failed request until the server responds. Then all active queries are fetched again. */
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
