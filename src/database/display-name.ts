/** The display name of students in SQL: missing parts are taken from the legal name. */

type NamePart = 'first_name' | 'middle_name' | 'last_name' | 'suffix';

/** A part of the name, of `students` under this alias. */
export const selectNamePart = (of: string, name: NamePart): string =>
  `coalesce(${of}.${name}, ${of}.legal_${name})`;

/** The name as JSON, of `students` under this alias. */
export const selectDisplayName = (of: string): string =>
  `jsonb_build_object('first', ${selectNamePart(of, 'first_name')}, 'middle', ${selectNamePart(of, 'middle_name')},
    'last', ${selectNamePart(of, 'last_name')}, 'suffix', ${selectNamePart(of, 'suffix')})`;

/** The name as text, `María Elena García López Jr.`, of `students` under this alias; null without any part. */
export const selectFullName = (of: string): string =>
  `nullif(concat_ws(' ', ${(['first_name', 'middle_name', 'last_name', 'suffix'] as const)
    .map((name) => selectNamePart(of, name))
    .join(', ')}), '')`;
