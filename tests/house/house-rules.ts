/** The architecture rules as data: which folder may import which, and rules for names and contents of files. */
import type { SourceFile, SourceImport } from './source-file.ts';

/** What a folder's code may import in addition to its own files. Tests have a separate rule, below. */
interface Row {
  /** Folders or single files of the project. `src` means every area. */
  readonly ours: readonly string[];
  /** Folders or files of which only types may be imported. */
  readonly types?: readonly string[];
  /** Files of this folder that may import more. */
  readonly files?: Readonly<Record<string, readonly string[]>>;
  /** Packages and `node:` modules; absent: any. */
  readonly packages?: readonly string[];
}

/** The import table. Every folder needs a row. */
export const importTable: Readonly<Record<string, Row>> = {
  'src/enrollment': { ours: [], packages: [] },
  'src/roster': { ours: ['src/enrollment'], packages: [] },
  'src/contract': { ours: ['src/enrollment', 'src/roster'], packages: ['zod'] },
  'src/database': { ours: [] },
  'src/network': { ours: ['package.json'] },
  'src/qmlativ': {
    ours: ['src/enrollment', 'src/network', 'src/roster'],
    // The interfaces that a student information system implements.
    types: [
      'src/import/reading/roster-source.ts',
      'src/districts/partner-interface.ts',
      'src/districts/access-verification.ts',
      'src/districts/connection-check-port.ts',
    ],
  },
  'src/mail': { ours: [] },
  'src/districts': { ours: ['src/contract', 'src/database', 'src/enrollment', 'src/mail'] },
  'src/accounts': {
    ours: ['src/database', 'src/contract', 'src/districts', 'src/mail', 'src/network'],
  },
  'src/students': { ours: ['src/database', 'src/contract', 'src/enrollment', 'src/roster'] },
  'src/documents': {
    ours: ['src/database', 'src/contract', 'src/enrollment', 'src/roster', 'src/students'],
  },
  'src/import': {
    ours: ['src/contract', 'src/database', 'src/districts', 'src/enrollment', 'src/roster'],
    // The only file that depends on the student information system.
    files: { 'src/import/district-import.ts': ['src/qmlativ'] },
  },
  'src/webhooks': {
    ours: ['src/database', 'src/contract', 'src/districts', 'src/mail', 'src/network'],
  },
  'src/jobs': { ours: ['src/contract', 'src/database', 'src/districts', 'src/import'] },
  'src/api': {
    ours: [
      'src/accounts',
      'src/contract',
      'src/database',
      'src/districts',
      'src/documents',
      'src/enrollment',
      'src/import',
      'src/jobs',
      'src/mail',
      'src/network',
      'src/roster',
      'src/students',
      'src/webhooks',
    ],
  },
  'src/cli': { ours: ['src'] },
  sandbox: { ours: [] },
  // The app's help shows pages of the documentation.
  // Labels of fields come from the one catalog.
  web: {
    ours: ['src/contract', 'src/enrollment', 'src/roster/fields', 'docs'],
    types: ['src/roster'],
  },
  bench: { ours: ['src', 'sandbox', 'tests'] },
  proof: { ours: ['src', 'sandbox', 'tests'] },
  scripts: { ours: ['src', 'sandbox', 'tests'] },
  tests: { ours: ['src', 'sandbox', 'scripts', 'web'] },
};

/**
 * The rooms of large folders, and which other rooms of the folder each may import; `types of api` allows types only.
 * `.` is the files next to the rooms, which may import all of them.
 */
const roomTable: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'src/import': {
    'change-detection': ['.'],
    reading: ['.', 'change-detection', 'plan', 'runs'],
    plan: ['.', 'change-detection', 'reading'],
    publish: ['.', 'plan', 'runs'],
    runs: ['.', 'plan'],
    undo: ['.', 'plan', 'publish', 'runs'],
  },
  'src/qmlativ': {
    http: [],
    objects: [],
    mapping: ['objects'],
    lists: ['.', 'http', 'objects', 'mapping'],
    probe: ['.', 'http', 'lists', 'objects'],
  },
  sandbox: {
    district: ['.', 'types of api'],
    simulation: ['.', 'district', 'types of api'],
    api: ['.', 'district', 'types of simulation'],
    admin: ['.', 'api', 'district'],
  },
  proof: { attacks: [], image: ['.'], mutants: [], poison: [], undo: [] },
  tests: {
    house: [],
    qmlativ: [],
    servers: ['builders'],
    builders: ['.', 'servers'],
    skyward: ['.', 'qmlativ', 'servers'],
    browser: ['builders', 'servers', 'skyward'],
  },
};

/** Words that do not describe the purpose of a file. */
const meaninglessWords = new Set([
  'util',
  'utils',
  'helper',
  'helpers',
  'manager',
  'common',
  'misc',
]);

/** Folders without clock and random numbers: the same input has the same result. */
const pureFolders = ['src/enrollment', 'src/roster', 'src/contract', 'src/qmlativ/mapping'];

/** Returns a sentence for every breach of the rules. */
export function findBreaches(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    [
      ...importBreaches(file),
      nameBreach(file.path),
      file.hasDefaultExport && !file.path.endsWith('.config.ts')
        ? 'has a default export; give the export a name'
        : undefined,
      ...(file.path.startsWith('src/') && !isTest(file.path)
        ? file.moduleVariables.map((name) => `has state in the module: let ${name}`)
        : []),
      ...(pureFolders.some((folder) => file.path.startsWith(`${folder}/`))
        ? file.ambientInputs.map((name) => `uses ${name}; pass it as a parameter`)
        : []),
    ]
      .filter((breach) => breach !== undefined)
      .map((breach) => `${file.path} ${breach}`),
  );
}

function importBreaches(file: SourceFile): string[] {
  const folder = findFolder(file.path);
  const row = importTable[folder];
  if (row === undefined) return [`is in ${folder}, which has no row in the import table`];
  return file.imports
    .filter((given) => !isAllowed(file.path, row, given))
    .map(({ target, isTypeOnly }) => `imports ${isTypeOnly ? 'types of ' : ''}${target}`);
}

function isAllowed(path: string, row: Row, given: SourceImport): boolean {
  if (!given.isOurs) return isTest(path) || row.packages?.includes(given.target) !== false;
  if (findFolder(given.target) === findFolder(path)) return isAllowedRoom(path, given);
  const allowed = [
    ...row.ours,
    ...(row.files?.[path] ?? []),
    ...(given.isTypeOnly ? (row.types ?? []) : []),
    ...(isTest(path) ? listFoldersForTests(path) : []),
  ];
  return allowed.some((place) => given.target === place || given.target.startsWith(`${place}/`));
}

function isAllowedRoom(path: string, { target, isTypeOnly }: SourceImport): boolean {
  const rooms = roomTable[findFolder(path)];
  const [from, to] = [findRoom(path), findRoom(target)];
  if (rooms === undefined || from === to || from === '.' || isTest(path)) return true;
  const allowed = rooms[from] ?? [];
  return allowed.includes(to) || (isTypeOnly && allowed.includes(`types of ${to}`));
}

/** Lists the folders that a test may import. Tests of the sandbox may not import the code. */
const listFoldersForTests = (path: string) =>
  path.startsWith('sandbox/') ? [] : ['src', 'sandbox', 'tests'];

function nameBreach(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const stem = name.replace(/(\.test|\.config)?\.tsx?$/, '');
  if (stem === 'index') return 'is called index; name it after its content';
  if (stem === 'types' || stem.split('-').some((word) => meaninglessWords.has(word)))
    return 'has a meaningless name; name it after its content';
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem) ? undefined : 'is not named in kebab-case';
}

const isTest = (path: string) => /\.test\.tsx?$/.test(path);

/** Returns `reading` for `src/import/reading/staging.ts`, `.` for `src/import/import-run.ts`. */
const findRoom = (path: string) =>
  path
    .slice(findFolder(path).length + 1)
    .split('/')
    .slice(0, -1)[0] ?? '.';

/** Returns `src/import` for `src/import/reading/staging.ts`, `web` for `web/shell/dates.ts`. */
const findFolder = (path: string) =>
  path
    .split('/')
    .slice(0, path.startsWith('src/') ? 2 : 1)
    .join('/');
