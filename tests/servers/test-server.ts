/** Vitest's global setup: one throwaway server for the run, with a migrated template database. */
import type { TestProject } from 'vitest/node';

import { openPool } from '../../src/database/database.ts';
import type { EmbeddedServer } from '../../src/database/embedded/shared-server.ts';
import { startThrowawayServer } from './throwaway-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server of this run; its database is the template and must have no connections. */
    readonly testServer: EmbeddedServer['connection'];
  }
}

/** Starts the server and migrates the template; returns a function that stops it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startThrowawayServer();
  try {
    const template = await openPool(server.connection, { poolSize: 1 }, () => Promise.resolve());
    await template.close();
  } catch (error) {
    await server.release();
    throw error;
  }
  project.provide('testServer', server.connection);
  return () => server.release();
}
