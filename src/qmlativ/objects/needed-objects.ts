/** What an access has to be granted for a night, from the catalogue of objects. */
import type { NeededObject } from '../../districts/access-verification.ts';
import { objectPath, type QmlativObject } from './qmlativ-object.ts';
import { qmlativObjects } from './objects.ts';

/** Every object that a night reads, with the fields it cannot do without and those it can. */
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
