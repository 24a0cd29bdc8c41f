// Sets the chosen colors before the first paint; the app itself starts too late for that.
const chosen = localStorage.getItem('mantine-color-scheme-value');
const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
const scheme = chosen === 'light' || chosen === 'dark' ? chosen : isDark ? 'dark' : 'light';
document.documentElement.dataset.mantineColorScheme = scheme;
