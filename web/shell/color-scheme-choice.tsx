/** Light, dark, or as the device has it: remembered in this browser. */
import { SegmentedControl, useMantineColorScheme } from '@mantine/core';

const schemes = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'auto', label: 'Device' },
] as const;

export function ColorSchemeChoice() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label="Colors"
      data={[...schemes]}
      value={colorScheme}
      onChange={setColorScheme}
      transitionDuration={0}
    />
  );
}
