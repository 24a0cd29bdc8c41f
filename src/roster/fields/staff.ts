/** Values that staff enter and an import never changes. */

export const staffFields = {
  'preferred-gender': { label: 'Preferred gender' },
  pronouns: { label: 'Pronouns' },
  notes: { label: 'Notes' },
} as const;
