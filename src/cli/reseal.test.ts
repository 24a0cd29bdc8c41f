/** Every sealed column of the schema is sealed anew when the key changes. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import { answerOf, openTestApi, type TestApi } from '../../tests/test-api.ts';
import { addWebhook } from '../contract/webhooks.ts';
import { resealSecrets } from '../districts/resealing.ts';
import { newSealingKey, type SealingKey } from '../districts/sealed-secret.ts';
import { findTarget, secretsOf } from '../webhooks/webhook-store.ts';
import { sealedPlaces } from './reseal.ts';

const old = newSealingKey();
let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ webhooks: { sealingKey: old, allowPrivateAddresses: false } });
});
afterAll(() => api.close());

it('forgets no column', async () => {
  const { rows } = await api.database.pool.query<{ place: string }>(
    `select table_name || '.' || column_name as place from information_schema.columns
     where table_schema = 'public' and column_name like '%sealed%' order by 1`,
  );
  const places = sealedPlaces.map(({ table, column }) => `${table}.${column}`);
  expect(rows.map(({ place }) => place)).toEqual(places.toSorted((a, b) => a.localeCompare(b)));
});

it('opens secrets of webhooks, the former one too, with the new key alone afterwards', async () => {
  const body = { url: 'https://hooks.example.org/', events: ['document.created'] };
  const answer = await api.send('administrator', 'POST', '/webhooks', body);
  const { webhook, secret } = await answerOf(addWebhook.response, answer);
  await api.send('administrator', 'POST', `/webhooks/${webhook.id}/secret`);
  const next: SealingKey = { ...newSealingKey(), former: [old] };
  expect(await resealSecrets(api.database.pool, next, sealedPlaces)).toBe(2);
  const alone: SealingKey = { id: next.id, bytes: next.bytes };
  const target = await findTarget(api.database.pool, api.districtId, webhook.id);
  expect(target && secretsOf(target, alone)).toEqual([expect.stringMatching(/^whsec_/), secret]);
});
