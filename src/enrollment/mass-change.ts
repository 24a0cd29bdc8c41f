/** The next day on which the date alone would change many statuses. Pure. */

/** A day on which students would be put on hold. */
export interface MassChange {
  readonly on: string;
  readonly students: number;
}

/** How long before a mass change people are told. */
const daysAhead = 30;

/** Returns the first mass change after today and within 30 days. */
export function findNextMassChange(
  holds: readonly MassChange[],
  today: Temporal.PlainDate,
): MassChange | undefined {
  const last = today.add({ days: daysAhead }).toString();
  return holds.find(({ on }) => on > today.toString() && on <= last);
}
