/** The time of the server, as it passes: ages do not depend on the clock of the browser. */
import { useEffect, useState } from 'react';

const tickMs = 60_000;

/**
 * Returns the time on the server in milliseconds, once a minute: `serverNow` is the time of a response, received at
 * `receivedAt`. Without a response it is the time of the browser.
 */
export function useServerTime(serverNow: string | undefined, receivedAt: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return serverNow === undefined ? now : Date.parse(serverNow) + Math.max(0, now - receivedAt);
}
