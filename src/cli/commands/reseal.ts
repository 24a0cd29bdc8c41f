/** The work of `daybreak reseal`: seals every secret in the database with the current key. */
import { twoFactorKeys, resealTwoFactors } from '../../accounts/sign-in/two-factor.ts';
import { singleSignOnSecrets } from '../../accounts/single-sign-on/settings.ts';
import { connectionSecrets } from '../../districts/district.ts';
import { resealSecrets } from '../../districts/resealing.ts';
import { pendingSecrets } from '../../districts/setup-steps.ts';
import { webhookSecrets } from '../../webhooks/webhook-store.ts';
import { print, printMessage, withCommandContext } from '../command-context.ts';
import { readSealingKey, readSessionSecret } from '../settings.ts';

/** All columns with sealed values. */
export const sealedColumns = [
  connectionSecrets,
  pendingSecrets,
  singleSignOnSecrets,
  ...webhookSecrets,
] as const;

export async function resealEverything(): Promise<void> {
  await withCommandContext(async ({ database, settings }) => {
    const key = await readSealingKey(settings, process.env);
    const secret = await readSessionSecret(settings, process.env);
    const factors = await resealTwoFactors(database.pool, twoFactorKeys(secret, key));
    if (factors.unreadableResponse > 0) {
      printMessage(
        `Neither these keys nor the session secret open the two-step verification secrets of ${factors.unreadableResponse} users: add the key that sealed them to DAYBREAK_FORMER_SEALING_KEYS, or turn off two-step verification for these users.`,
      );
      process.exitCode = 1;
    }
    const resealed = factors.resealed + (await resealSecrets(database.pool, key, sealedColumns));
    print(
      resealed === 0
        ? 'All secrets are sealed with the current key.'
        : `Sealed ${resealed} secrets with the current key. DAYBREAK_FORMER_SEALING_KEYS is no longer needed.`,
    );
  });
}
