import { defineConfig } from 'vitest/config';

const shared = {
  expect: { poll: { timeout: 30_000 } },
  // Whole paths start a database, a sandbox or a browser; machines are shared and slow at times.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // A worker keeps the modules that it has loaded: none of them keeps state but for the browser of the worker,
  // and loading them for each file took a third of the run.
  isolate: false,
};

export default defineConfig({
  test: {
    // One throwaway PostgreSQL for the run; test files clone its migrated template.
    globalSetup: ['tests/servers/test-server.ts'],
    // Three on two cores: some tests wait for processes.
    maxWorkers: 3,
    projects: [
      {
        test: {
          ...shared,
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          globalSetup: ['tests/browser/browser-setup.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'server',
          include: ['{src,sandbox,web,bench,proof,tests,scripts}/**/*.test.{ts,tsx}'],
          exclude: ['tests/browser/**'],
        },
      },
    ],
  },
});
