/** Finds members of a response, ignoring the case of names as the server does. */
import { z } from 'zod';

/** Returns a member of an object, ignoring case; undefined if there is none. */
export function findMember(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const members: Readonly<Record<string, unknown>> = { ...value };
  if (name in members) return members[name];
  const lower = name.toLowerCase();
  const match = Object.keys(members).find((member) => member.toLowerCase() === lower);
  return match === undefined ? undefined : members[match];
}

/** Like `z.object`, ignoring the case of member names. */
export const anyCaseObject = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess(
    (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.keys(shape).map((name) => [name, findMember(value, name)]))
        : value,
    z.object(shape),
  );
