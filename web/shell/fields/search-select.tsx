/** A select with a search, for more options than a person reads through: people, students, districts. */
import { Select as MantineSelect, type SelectProps } from '@mantine/core';

/** Rendered inside the page's landmark, clearable by keyboard. */
export const SearchSelect = <Value extends string>(props: SelectProps<Value>) => (
  <MantineSelect
    searchable
    nothingFoundMessage="No matches"
    comboboxProps={{ withinPortal: false }}
    clearButtonProps={{ 'aria-label': 'Clear selection', tabIndex: 0 }}
    maxDropdownHeight={320}
    {...props}
  />
);
