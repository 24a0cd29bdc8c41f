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

/** Line drawings of the menu and the top bar, on a square of 24. */
const drawings = {
  home: 'M4 11 12 4l8 7v8.5a.5.5 0 0 1-.5.5H15v-6H9v6H4.5a.5.5 0 0 1-.5-.5z',
  students:
    'M9 11.5A3.7 3.7 0 1 0 9 4a3.7 3.7 0 0 0 0 7.5M2.5 20a6.5 6.5 0 0 1 13 0M16 4.4a3.7 3.7 0 0 1 0 6.7M18 14.3a6.5 6.5 0 0 1 3.5 5.7',
  documents: 'M6 3.5h8l5 5v12H6zM14 3.5v5h5M9 13h7M9 17h7',
  forms: 'M5 3.5h14v17H5zM8 8.3l1.2 1.2 2.3-2.4M14 8.5h2.5M8 15.3l1.2 1.2 2.3-2.4M14 15.5h2.5',
  history: 'M4.2 13.5a8 8 0 1 0 1.5-6.4L3.5 9.5M3.5 4.5v5h5M12 8v4.5l3 2',
  upcoming: 'M4 6h16v14H4zM4 10h16M8.5 3.5V8M15.5 3.5V8M9 15h6M12.5 12.5 15 15l-2.5 2.5',
  issues: 'M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.1',
  duplicates: 'M8 8h12v12H8zM4.5 16H4V4h12v.5',
  users: 'M12 11.5A3.7 3.7 0 1 0 12 4a3.7 3.7 0 0 0 0 7.5M4.5 20.5a7.5 7.5 0 0 1 15 0',
  audit: 'M12 3.5 4.5 6v6c0 4.5 3.2 7.4 7.5 8.5 4.3-1.1 7.5-4 7.5-8.5V6zM8.8 12l2.3 2.3 4.1-4.3',
  district: 'M3 20.5h18M5 20.5v-10h14v10M12 10.5V4h5v3h-5M10 20.5V16h4v4.5',
  imports: 'M12 4v11.5M7 11l5 5 5-5M4.5 20h15',
  notifications: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.8h4',
  letterhead: 'M5 3.5h14v17H5zM10 7h4M8 11.5h8M8 14.5h8M8 17.5h5',
  signIn: 'M5.5 11h13v9.5h-13zM8 11V8a4 4 0 0 1 8 0v3M12 14.5V17',
  webhooks:
    'M10 14a4 4 0 0 0 5.7 0l3.3-3.3A4 4 0 0 0 13.3 5l-1.1 1.1M14 10a4 4 0 0 0-5.7 0L5 13.3a4 4 0 0 0 5.7 5.7l1.1-1.1',
  districts: 'M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z',
  support:
    'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M12 15.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M6 6l3.5 3.5M18 6l-3.5 3.5M6 18l3.5-3.5M18 18l-3.5-3.5',
  help: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M9.6 9.5a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.2 1-1.2 1.9M12 16.6v.1',
  calendar: 'M4 6h16v14.5H4zM4 10.5h16M8 3.5V8M16 3.5V8',
  menu: 'M4 6.5h16M4 12h16M4 17.5h16',
  sidebar: 'M4 4.5h16v15H4zM9.5 4.5v15',
} as const;
export type IconName = keyof typeof drawings;

export const LineIcon = ({
  name,
  size = 20,
}: {
  readonly name: IconName;
  readonly size?: number;
}) => (
  <svg
    {...hidden}
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.8"
    strokeLinecap="round"
    strokeLinejoin="round"
  >
    <path d={drawings[name]} />
  </svg>
);
