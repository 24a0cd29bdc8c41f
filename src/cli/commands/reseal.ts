/** Seals every secret of the database with the key of today. */
import { factorKeys, resealFactors } from '../../accounts/second-factor.ts';
import { singleSignOnSecrets } from '../../accounts/single-sign-on-settings.ts';
import { connectionSecrets } from '../../districts/district.ts';
import { resealSecrets } from '../../districts/resealing.ts';
import { waitingSecrets } from '../../districts/setup-steps.ts';
import { webhookSecrets } from '../../webhooks/webhook-store.ts';
import { print, printMessage, withCommandContext } from '../command-context.ts';
import { readSealingKey, readSessionSecret } from '../settings.ts';

/** Every column of the database that holds sealed values. */
export const sealedColumns = [
  connectionSecrets,
  waitingSecrets,
  singleSignOnSecrets,
  ...webhookSecrets,
] as const;

export async function resealEverything(): Promise<void> {
  await withCommandContext(async ({ database, settings }) => {
    const key = await readSealingKey(settings, process.env);
    const secret = await readSessionSecret(settings, process.env);
    const factors = await resealFactors(database.pool, factorKeys(secret, key));
    if (factors.unreadable > 0) {
      printMessage(
        `Of the secrets of second factors, ${factors.unreadable} open neither with these keys nor with the session secret: give the key that sealed them as a former one, or turn the second factor of these people off.`,
      );
      process.exitCode = 1;
    }
    const resealed = factors.resealed + (await resealSecrets(database.pool, key, sealedColumns));
    print(
      resealed === 0
        ? 'Every secret is sealed with the key of today.'
        : `Sealed anew with the key of today: ${resealed}. DAYBREAK_FORMER_SEALING_KEYS is no longer needed.`,
    );
  });
}
