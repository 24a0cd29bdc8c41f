/** Fields of a guardian. */
import type { Field } from './catalog.ts';
import { contactFields } from './contact.ts';
import { nameFields } from './name.ts';

export const guardianFields = {
  position: {
    column: 'position',
    type: 'integer',
    label: 'Order',
    filled: true,
    needs: ['guardian_links.rank'],
    hidesLoss: true,
  },
  ...nameFields,
  relationship: {
    column: 'relationship',
    type: 'text',
    label: 'Relationship',
    staged: 'guardian_links',
    sources: ['RelationshipID', 'Demographics/Relationship'],
  },
  isCustodial: {
    column: 'is_custodial',
    type: 'boolean',
    label: 'Custody',
    staged: 'guardian_links',
    copies: 'IsCustodialGuardian',
  },
  livesWith: {
    column: 'lives_with',
    type: 'boolean',
    label: 'Student lives here',
    needs: ['family_students', 'family_guardians'],
  },
  isEmergencyContact: {
    column: 'is_emergency_contact',
    type: 'boolean',
    label: 'Emergency contact',
    staged: 'guardian_links',
    copies: 'IsEmergencyContact',
  },
  allowsPickup: {
    column: 'allows_pickup',
    type: 'boolean',
    label: 'May pick up',
    staged: 'guardian_links',
    copies: 'AllowStudentPickup',
  },
  hasFamilyAccess: {
    column: 'has_family_access',
    type: 'boolean',
    label: 'Family access',
    staged: 'guardian_links',
    copies: 'AllowFamilyAccess',
  },
  hasRestrictedAccess: {
    column: 'has_restricted_access',
    type: 'boolean',
    label: 'Restricted access',
    staged: 'guardian_links',
    copies: 'HasActiveRestrictedAccess',
  },
  language: {
    column: 'language',
    type: 'text',
    label: 'Language',
    needs: ['families', 'family_students', 'family_guardians', 'families.home_language'],
  },
  ...contactFields,
} as const satisfies Readonly<Record<string, Field>>;
