/** The lists of Details have the parts that the catalog of fields defines. */
import { expect, it } from 'vitest';
import { contactFields, otherNameParts } from '../../roster/fields/contact.ts';
import { studentsApi } from './students.ts';

const { addresses, phones, emails, otherNames } = studentsApi.getStudent.response.shape;

it.each([
  ['phones', phones, contactFields.phones.parts.fields],
  ['emails', emails, contactFields.emails.parts.fields],
  ['other names', otherNames, otherNameParts],
])('lists %s by the parts of the catalog', (_, { element }, parts) => {
  expect(Object.keys(element.shape).toSorted()).toEqual(Object.keys(parts).toSorted());
});

it('lists addresses by the parts of the catalog, with both uses in one list', () => {
  const { isHome, isMailing, ...parts } = contactFields.addresses.parts.fields;
  expect([isHome.column, isMailing.column]).toEqual(['is_home', 'is_mailing']);
  expect(Object.keys(addresses.element.shape).toSorted()).toEqual(
    [...Object.keys(parts), 'text', 'uses'].toSorted(),
  );
});
