/** Determines from a rejection what was rejected: fields, the object, the entity, or the whole access. */
import type { QmlativErrorCode } from '../http/qmlativ-error.ts';
import type { QmlativObject } from '../objects/qmlativ-object.ts';

/**
 * Returns the requested fields that a rejection names anywhere in its text, because the format of such errors is not
 * public. A word may only look like a field, so the caller tries requests without the fields.
 */
export function findRejectedFieldNames(
  text: string,
  requested: readonly string[],
  object: QmlativObject,
): string[] {
  const named = new Set(withoutObject(text, object).match(/[A-Za-z][A-Za-z0-9_]*/g));
  const exact = requested.filter((field) => named.has(field));
  if (exact.length > 0) return exact;
  const lower = new Set([...named].map((word) => word.toLowerCase()));
  return requested.filter((field) => lower.has(field.toLowerCase()));
}

/** Returns the error code for a rejection that names no field; undefined if its text does not show the cause. */
export function toRejectionCode(
  status: number,
  text: string,
  object: QmlativObject,
): QmlativErrorCode | undefined {
  const rest = withoutObject(text, object);
  const namesObject = rest.length < text.length;
  if (/\bentit(y|ies)\b/i.test(rest) && !namesObject) return 'no-entity-permission';
  if (status === 404) return 'object-missing';
  const isDenied =
    status === 401 || status === 403 || /grant|permi|allow|denied|access/i.test(rest);
  if (
    /unknown|not found|no such|does not exist/i.test(rest) &&
    (namesObject || /\bobject\b/i.test(rest))
  )
    return 'object-missing';
  if (isDenied && (namesObject || /\b(object|module)\b/i.test(rest))) return 'no-object-permission';
  return /\bentit(y|ies)\b/i.test(rest) ? 'no-entity-permission' : undefined;
}

/** Removes the object's own path, because objects have the names of fields (`Name`) and causes (`Entity`). */
function withoutObject(text: string, object: QmlativObject): string {
  return text.replaceAll(
    new RegExp(`\\b${object.module}\\s*(?:/|\\\\/|\\.|\\\\u002f)\\s*${object.name}\\b`, 'gi'),
    ' ',
  );
}
