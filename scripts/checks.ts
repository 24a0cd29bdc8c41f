/** The project's checks as data: what `npm run check` runs and `npm test` counts. */

/** A tool that must end with exit status 0, and prints problems. */
export interface Check {
  /** Its name in reports and counts. */
  readonly name: string;
  /** The tool's program, relative to the project, run on this Node. */
  readonly program: string;
  readonly arguments: readonly string[];
}

/** The folders with code, listed so that no tool searches node_modules. */
const codeFolders = [
  'src',
  'sandbox',
  'web',
  'bench',
  'proof',
  'tests',
  'scripts',
  'vitest.config.ts',
];

const typeCheck = (project: string, of: string): Check => ({
  name: `types of ${of}`,
  program: 'node_modules/typescript/bin/tsc',
  arguments: ['-p', `tsconfig.${project}.json`],
});

/** The slowest first, so that two at a time finish earlier. */
export const checks: readonly Check[] = [
  {
    name: 'lint (oxlint)',
    program: 'node_modules/oxlint/bin/oxlint',
    arguments: ['--type-aware', '--deny-warnings', ...codeFolders],
  },
  typeCheck('node', 'server, commands and tests'),
  {
    name: 'format (prettier)',
    program: 'node_modules/prettier/bin/prettier.cjs',
    arguments: ['--check', '--log-level', 'warn', '.'],
  },
  typeCheck('web', 'the web app'),
  typeCheck('pure', 'the pure core'),
  {
    name: 'unused files, exports and dependencies (knip)',
    program: 'node_modules/knip/bin/knip.js',
    arguments: ['--no-progress'],
  },
];
