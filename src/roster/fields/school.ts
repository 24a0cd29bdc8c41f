/** Fields of a school that an enrollment has, and a student by the enrollment that determines the status. */
import type { Field } from './catalog.ts';

export const schoolFields = {
  grade: { column: 'grade', type: 'text', label: 'Grade', group: 'school' },
  entityId: { column: 'entity_id', type: 'bigint', label: 'Entity number', group: 'school' },
  entityName: { column: 'entity_name', type: 'text', label: 'Entity', group: 'school' },
  schoolName: { column: 'school_name', type: 'text', label: 'School', group: 'school' },
  schoolStateId: {
    column: 'school_state_id',
    type: 'text',
    label: 'School number',
    group: 'school',
  },
  homeroom: { column: 'homeroom', type: 'text', label: 'Homeroom', group: 'school' },
  homeroomTeacher: {
    column: 'homeroom_teacher',
    type: 'text',
    label: 'Homeroom teacher',
    group: 'school',
  },
  advisor: { column: 'advisor', type: 'text', label: 'Advisor', group: 'school' },
} as const satisfies Readonly<Record<string, Field>>;
