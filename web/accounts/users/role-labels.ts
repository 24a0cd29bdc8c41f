/** Labels of roles. */
import type { Role } from '../../../src/contract/endpoint.ts';

export const roleLabels: Readonly<Record<Role, string>> = {
  technician: 'Support technician',
  administrator: 'Administrator',
  staff: 'Staff',
  'read-only': 'Read-only',
};
