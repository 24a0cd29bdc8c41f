/** Large but right changes of a school year that the simulation of the sandbox does not have. */
import type { Random } from '../../sandbox/random.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';

type HealthyChange = (sandbox: Sandbox, random: Random) => void;

/** Changes by month and day; each happens once a year. */
const healthyChanges: Readonly<Record<string, HealthyChange>> = {
  '10-14': moveApartmentBlock,
  '01-20': changeAreaCode,
  '02-10': reenterEmails,
  '07-20': openSchool,
};

/** Makes the change of the sandbox's date, and returns whether there is one. */
export function changeHealthily(sandbox: Sandbox, random: Random): boolean {
  const change = healthyChanges[sandbox.today.slice(5)];
  change?.(sandbox, random);
  return change !== undefined;
}

/** Every fortieth address, all in one building, is given up: its people move to a new building. */
function moveApartmentBlock(sandbox: Sandbox): void {
  const homes = sandbox.rows('Demographics/NameAddress');
  const addresses = sandbox.rows('Demographics/Address');
  const [model = 0] = addresses.ids();
  const ids = [...addresses.ids()];
  for (const id of ids.slice(0, Math.ceil(ids.length / 40))) {
    const residents = homes.where('AddressID', id);
    const AddressID = addresses.insert({
      AddressType: 'Street',
      AddressTypeCode: 'S',
      StreetID: addresses.get(model, 'StreetID'),
      StreetNumber: '1400',
      SecondaryUnitNumber: `Apt ${id % 100}`,
      ZipID: addresses.get(model, 'ZipID'),
      CountyID: addresses.get(model, 'CountyID'),
    });
    for (const home of residents) homes.update(home, { AddressID });
  }
}

/** The telephone company gives one phone number in twenty another area code. */
function changeAreaCode(sandbox: Sandbox): void {
  const phones = sandbox.rows('Demographics/NamePhone');
  for (const id of [...phones.ids()].filter((each) => each % 20 === 0))
    phones.update(id, { PhoneNumber: `682${String(phones.get(id, 'PhoneNumber')).slice(3)}` });
}

/** Staff enter the e-mail addresses of the guardians of one homeroom again. */
function reenterEmails(sandbox: Sandbox, random: Random): void {
  const years = sandbox.rows('Enrollment/StudentEntityYear');
  const links = sandbox.rows('Family/StudentGuardian');
  const emails = sandbox.rows('Demographics/NameEmail');
  const current = sandbox.rows('District/Entity').get(sandbox.entityId, 'SchoolYearIDCurrent');
  const rooms = Map.groupBy(years.where('SchoolYearID', Number(current)), (id) =>
    years.get(id, 'HomeroomID'),
  );
  rooms.delete(null);
  const room = [...rooms.values()][random.below(rooms.size)] ?? [];
  for (const year of room)
    for (const link of links.where('StudentID', Number(years.get(year, 'StudentID'))))
      for (const email of emails.where('NameID', Number(links.get(link, 'NameIDGuardian'))))
        emails.update(email, { EmailAddress: `family.${email}@example.com` });
}

/** A new school opens in August: an eighth of the youngest students is enrolled there instead. */
function openSchool(sandbox: Sandbox): void {
  const entities = sandbox.rows('District/Entity');
  const year = Number(entities.get(sandbox.entityId, 'SchoolYearIDCurrent'));
  const enrollments = sandbox.rows('Enrollment/EntryWithdrawal');
  const open = enrollments
    .where('SchoolYearID', year)
    .filter((id) => enrollments.get(id, 'EndDate') === null);
  const youngest = open
    .toSorted(
      (one, other) =>
        Number(enrollments.get(one, 'GradeReferenceID')) -
        Number(enrollments.get(other, 'GradeReferenceID')),
    )
    .slice(0, Math.ceil(open.length / 8));
  const [model] = youngest;
  if (model === undefined) return;
  const copyRow = (path: string, id: number, values: Record<string, string | number>): number => {
    const rows = sandbox.rows(path);
    const fields = sandbox.catalog.get(path)?.fields;
    const own = Object.entries(rows.find(id) ?? {}).filter(
      ([name]) => fields?.get(name)?.isReadOnly !== true,
    );
    return rows.insert({ ...Object.fromEntries(own), ...values });
  };
  const key = (field: string) => Number(enrollments.get(model, field));
  const named = { Code: '950', Name: 'Juniper Elementary' };
  const EntityID = copyRow('District/Entity', key('EntityID'), named);
  const SchoolID = copyRow('Enrollment/School', key('SchoolID'), {
    ...named,
    StateAssignedID: '999901950',
  });
  const CalendarID = copyRow('Attendance/Calendar', key('CalendarID'), { EntityID });
  sandbox.rows('Enrollment/EntitySchool').insert({ EntityID, SchoolID });
  const years = sandbox.rows('Enrollment/StudentEntityYear');
  for (const id of youngest) {
    const StudentID = Number(enrollments.get(id, 'StudentID'));
    const previous = enrollments.get(id, 'EntityID');
    enrollments.update(id, { EntityID, SchoolID, CalendarID });
    for (const each of years.where('StudentID', StudentID))
      if (years.get(each, 'SchoolYearID') === year && years.get(each, 'EntityID') === previous)
        years.update(each, { EntityID, HomeroomID: null });
  }
}
