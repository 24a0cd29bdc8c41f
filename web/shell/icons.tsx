/** The icons of the app, each next to a text with the same meaning. */

const hidden = { 'aria-hidden': true, focusable: false } as const;

export const BrandMark = () => (
  <svg {...hidden} width="28" height="28" viewBox="0 0 32 32">
    <rect width="32" height="32" rx="8" fill="#1c3f60" />
    <path d="M7 21a9 9 0 0 1 18 0z" fill="#ffb454" />
    <path d="M4 24h24" stroke="#fff" strokeWidth="2.5" strokeLinecap="round" />
    <path
      d="M16 5v3M6.5 9l2 2M25.5 9l-2 2"
      stroke="#ffb454"
      strokeWidth="2.5"
      strokeLinecap="round"
    />
  </svg>
);

export const PersonIcon = () => (
  <svg {...hidden} width="14" height="14" viewBox="0 0 16 16" fill="currentColor">
    <circle cx="8" cy="4.6" r="3.1" />
    <path d="M2 14.5a6 6 0 0 1 12 0z" />
  </svg>
);

export const SearchIcon = () => (
  <svg
    {...hidden}
    width="18"
    height="18"
    viewBox="0 0 20 20"
    fill="none"
    stroke="currentColor"
    strokeWidth="2"
    strokeLinecap="round"
  >
    <circle cx="8.5" cy="8.5" r="5.5" />
    <path d="m13 13 4.5 4.5" />
  </svg>
);

export const WarningIcon = () => (
  <svg {...hidden} width="16" height="16" viewBox="0 0 16 16" fill="currentColor">
    <path d="M8 1 .8 14.2h14.4L8 1Zm-.9 5h1.8v4.4H7.1V6Zm0 5.4h1.8v1.7H7.1v-1.7Z" />
  </svg>
);

export const LockIcon = () => (
  <svg {...hidden} width="12" height="12" viewBox="0 0 16 16" fill="currentColor">
    <path d="M4 7V5a4 4 0 0 1 8 0v2h1v8H3V7h1Zm2 0h4V5a2 2 0 0 0-4 0v2Z" />
  </svg>
);

export const ChevronIcon = () => (
  <svg
    {...hidden}
    className="chevron"
    width="12"
    height="12"
    viewBox="0 0 12 12"
    fill="none"
    stroke="currentColor"
    strokeWidth="2"
    strokeLinecap="round"
  >
    <path d="m2.5 4.5 3.5 3.5 3.5-3.5" />
  </svg>
);

export const MenuIcon = () => (
  <svg
    {...hidden}
    width="20"
    height="20"
    viewBox="0 0 20 20"
    stroke="currentColor"
    strokeWidth="2"
    strokeLinecap="round"
  >
    <path d="M3 5.5h14M3 10h14M3 14.5h14" />
  </svg>
);
