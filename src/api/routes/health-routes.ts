/** Whether the server is alive and ready, for load balancers and monitors. */
import { healthApi } from '../../contract/health.ts';
import { checkSchema } from '../../database/migrations.ts';
import { withClient } from '../../database/transaction.ts';
import type { RouteContext } from '../route.ts';

/** Adds GET /healthz and GET /readyz. */
export function addHealthRoutes({ route, options }: RouteContext): void {
  const { health } = options.database;

  const checkHealth = oneAtATime(async () =>
    withClient(health, async (client) => client.query('select 1')),
  );
  route(healthApi.getHealth, async () => {
    await checkHealth();
    return { status: 'ok' as const };
  });

  const checkReadiness = oneAtATime(async () => checkSchema(health));
  route(healthApi.getReadiness, async () => {
    await checkReadiness();
    return { status: 'ready' as const };
  });
}

/** Calls during a check share its result, since these endpoints have no rate limit. */
function oneAtATime<Result>(check: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<Result> | undefined;
  return async () =>
    (running ??= check().finally(() => {
      running = undefined;
    }));
}
