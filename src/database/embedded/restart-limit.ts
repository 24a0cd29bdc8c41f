/** Decides when to stop restarting a server that keeps crashing. Pure. */

/** A server that ends more often than this within an hour is not started again. */
const maxPerHour = 3;
const hourMs = 60 * 60_000;

/** Returns the times in the last hour at which the server ended, including `nowMs`, in milliseconds. */
export const exitsInLastHour = (before: readonly number[], nowMs: number): number[] => [
  ...before.filter((moment) => nowMs - moment < hourMs),
  nowMs,
];

/** Returns whether the server must not be started again. */
export const hasTooManyExits = (exits: readonly number[]): boolean => exits.length > maxPerHour;
