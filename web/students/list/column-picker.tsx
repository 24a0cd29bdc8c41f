/** Menu for choosing the columns of the list. */
import { Button, Checkbox, Popover, Stack } from '@mantine/core';

import { type StudentColumn, studentColumns } from '../../../src/contract/students/student-list.ts';
import {
  combinedFields,
  decidedFields,
  studentFields,
} from '../../../src/roster/fields/student.ts';
import { ChevronIcon } from '../../shell/icons.tsx';
import { listColumns, type StudentListSearch, defaultColumns } from './list-address.ts';

export const columnLabels: Readonly<Record<StudentColumn, string>> = {
  name: combinedFields.name.label,
  number: 'Number',
  stateId: studentFields.stateId.label,
  grade: studentFields.grade.label,
  school: studentFields.schoolName.label,
  homeroom: studentFields.homeroom.label,
  birthDate: studentFields.birthDate.label,
  status: decidedFields.status.label,
  changed: 'Last updated',
};

interface ColumnPickerProps {
  readonly query: StudentListSearch;
  readonly onQueryChange: (next: StudentListSearch) => void;
}

/** The name column is always shown, because it links to the student. The address omits the default columns. */
export function ColumnPicker({ query, onQueryChange }: ColumnPickerProps) {
  const shown = listColumns(query);
  const choose = (column: StudentColumn, isShown: boolean) => {
    const next = studentColumns.filter((other) =>
      other === column ? isShown : shown.includes(other),
    );
    const isDefault = next.join(',') === defaultColumns.join(',');
    onQueryChange({ ...query, columns: isDefault ? undefined : next.join(',') });
  };
  return (
    <Popover position="bottom-end" shadow="md" portalProps={{ target: '#content' }} trapFocus>
      <Popover.Target>
        <Button variant="default" size="sm" data-wide-only rightSection={<ChevronIcon />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <Stack gap="xs">
          {studentColumns.map((column) => (
            <Checkbox
              key={column}
              label={columnLabels[column]}
              checked={shown.includes(column)}
              disabled={column === 'name'}
              onChange={({ currentTarget }) => choose(column, currentTarget.checked)}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
