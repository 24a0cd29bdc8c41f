/** Seals every secret of the database with the key of today. */
import { singleSignOnSecrets } from '../accounts/single-sign-on-settings.ts';
import { connectionSecrets } from '../districts/district.ts';
import { resealSecrets } from '../districts/resealing.ts';
import { waitingSecrets } from '../districts/setup-steps.ts';
import { webhookSecrets } from '../webhooks/webhook-store.ts';
import { print, withCommandContext } from './command-context.ts';
import { readSealingKey } from './settings.ts';

/** Every column of the database that holds sealed values. */
export const sealedPlaces = [
  connectionSecrets,
  waitingSecrets,
  singleSignOnSecrets,
  ...webhookSecrets,
] as const;

export async function resealEverything(): Promise<void> {
  await withCommandContext(async ({ database, settings }) => {
    const key = await readSealingKey(settings, process.env);
    const resealed = await resealSecrets(database.pool, key, sealedPlaces);
    print(
      resealed === 0
        ? 'Every secret is sealed with the key of today.'
        : `Sealed anew with the key of today: ${resealed}. DAYBREAK_FORMER_SEALING_KEYS is no longer needed.`,
    );
  });
}
