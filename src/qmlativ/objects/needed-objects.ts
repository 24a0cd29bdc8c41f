/** Lists the permissions an import needs, from the catalog of objects. */
import type { NeededObject } from '../../districts/access-verification.ts';
import { objectPath, type QmlativObject } from './qmlativ-object.ts';
import { qmlativObjects } from './objects.ts';

/** Returns all objects that an import reads, with their required and optional fields. */
export function neededObjects(): NeededObject[] {
  return Object.values<QmlativObject>(qmlativObjects).map((object) => {
    const fields = Object.entries(object.fields);
    const names = (required: boolean) =>
      fields.filter(([, field]) => field.required === required).map(([name]) => name);
    return {
      object: objectPath(object),
      required: object.required,
      requiredFields: names(true),
      optionalFields: names(false),
    };
  });
}
