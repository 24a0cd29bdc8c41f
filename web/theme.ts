/** Colors, fonts and sizes of the web app. */
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

/** Background of warning badges: white text on Mantine's darkest orange has too little contrast (4.2 of 4.5). */
export const warningColor = '#b4400c';

/** Uses system fonts, which need no download. */
export const theme = createTheme({
  colors: { dawn },
  primaryColor: 'dawn',
  primaryShade: { light: 8, dark: 8 },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  /** The one scale of margins, paddings and gaps, on screens and in Mantine's components. */
  spacing: {
    '2xs': '0.25rem',
    xs: '0.5rem',
    sm: '0.75rem',
    md: '1rem',
    lg: '1.25rem',
    xl: '1.5rem',
  },
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.6rem', lineHeight: '1.25' },
      h2: { fontSize: '1.2rem', lineHeight: '1.3' },
      h3: { fontSize: '1.05rem', lineHeight: '1.35' },
      h4: { fontSize: '0.95rem', lineHeight: '1.4' },
    },
  },
  // Without importing the components, which would be sent with the first page.
  components: {
    Badge: { styles: { root: { textTransform: 'none', letterSpacing: 0, fontWeight: 600 } } },
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
});
