/** Code tables and other objects of Skyward that several fields need. */

export const suffixes = 'Demographics/NameSuffix';
export const languages = 'Demographics/Language';
export const zips = 'Demographics/Zip';
export const streets = 'Demographics/Street';
export const homerooms = 'Enrollment/Homeroom';
export const calendars = 'Attendance/Calendar';
export const entities = 'District/Entity';
export const schools = 'Enrollment/School';
export const entryCodes = 'Enrollment/EntryCode';
