/** When a server that keeps dying is given up. Pure. */

/** A server that dies more often than this within an hour is beyond starting again. */
const maxPerHour = 3;
const hourMs = 60 * 60_000;

/** The moments of the last hour at which the server died, `nowMs` the last of them; in milliseconds of one clock. */
export const exitsInLastHour = (before: readonly number[], nowMs: number): number[] => [
  ...before.filter((moment) => nowMs - moment < hourMs),
  nowMs,
];

/** Whether it is started no more. */
export const hasTooManyExits = (exits: readonly number[]): boolean => exits.length > maxPerHour;
