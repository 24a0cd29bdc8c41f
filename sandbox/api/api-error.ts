/** How the practice system says no: a status and one clear sentence. */

/** Thrown anywhere while a request is answered; becomes `{"error": message, …details}`, or nothing when it is empty. */
export class ApiError extends Error {
  /** 200 is among them: some servers say no in an answer that looks like a good one. */
  readonly status: 200 | 400 | 401 | 403 | 404 | 405 | 429 | 500;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    status: ApiError['status'],
    message: string,
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.details = details;
  }
}

/** A value that came over the wire as an object: not null, no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The members of a JSON object by lower-case name, since real servers match names without
 * case. Refuses members that are not among `known`.
 */
export function parseMembers(
  value: unknown,
  known: readonly string[],
  place: string,
): ReadonlyMap<string, unknown> {
  if (!isRecord(value)) throw new ApiError(400, `${place} must be a JSON object.`);
  const members = new Map<string, unknown>();
  for (const [name, member] of Object.entries(value)) {
    const lower = name.toLowerCase();
    if (!known.some((each) => each.toLowerCase() === lower)) {
      throw new ApiError(
        400,
        `${place} has an unknown member '${name}'. Known: ${known.join(', ')}.`,
      );
    }
    members.set(lower, member);
  }
  return members;
}
