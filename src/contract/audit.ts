/** What the audit trail keeps of people's doings. */
import { z } from 'zod';

export const AuditAction = z
  .enum([
    'access-refused',
    'signed-in',
    'sign-in-refused',
    'signed-out',
    'student-viewed',
    'students-exported',
  ])
  .meta({ id: 'AuditAction', description: 'What somebody did.' });
export type AuditAction = z.infer<typeof AuditAction>;
