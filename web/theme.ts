/** Colours and shapes of the app; dark blue of the hour before sunrise, warm accents. */
import { createTheme, type MantineColorsTuple } from '@mantine/core';

const dawn: MantineColorsTuple = [
  '#eef5fb',
  '#dbe7f1',
  '#b3cde3',
  '#88b2d5',
  '#659bc9',
  '#4f8dc2',
  '#4285bf',
  '#3273a9',
  '#276698',
  '#1c5079',
];

export const theme = createTheme({
  colors: { dawn },
  primaryColor: 'dawn',
  primaryShade: { light: 8, dark: 8 },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  headings: { fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
});
