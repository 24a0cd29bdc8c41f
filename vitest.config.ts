import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,sandbox,web,bench,proof,tests,scripts}/**/*.test.{ts,tsx}'],
    // One throwaway PostgreSQL for the run; test files clone its migrated template.
    globalSetup: ['tests/test-server.ts'],
    restoreMocks: true,
    // Whole paths start a database, a sandbox or a browser; machines are shared and slow at times.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two, as a small machine has; each worker may run a server of its own beside the database.
    maxWorkers: 2,
  },
});
