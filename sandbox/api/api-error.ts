/** The error response of the sandbox: a status and one sentence. */

/** Thrown while handling a request; the response is `{"error": message, …details}`, or empty without a message. */
export class ApiError extends Error {
  /** Includes 200, since some servers send errors with it. */
  readonly status: 200 | 400 | 401 | 403 | 404 | 405 | 429 | 500;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    status: ApiError['status'],
    message: string,
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.details = details;
  }
}

/** Returns whether a received value is an object: not null, not an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Returns the members of a JSON object by lower-case name, since real servers match names without
 * case. Throws for members that are not in `known`.
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
