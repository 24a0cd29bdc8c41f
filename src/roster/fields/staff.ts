/** What staff enter; never changed by an import. */

export const staffFields = {
  'preferred-gender': { label: 'Preferred gender' },
  pronouns: { label: 'Pronouns' },
  notes: { label: 'Notes' },
} as const;
