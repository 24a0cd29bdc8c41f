/** When the key changes, every sealed column is sealed with the new one. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import { parseResponse, openTestApi, type TestApi } from '../../../tests/servers/test-api.ts';
import { webhooksApi } from '../../contract/districts/webhooks.ts';
import { resealSecrets } from '../../districts/resealing.ts';
import {
  newSealingKey,
  openSecret,
  SealError,
  type SealingKey,
  sealSecret,
} from '../../districts/sealed-secret.ts';
import { findTarget, openSecrets } from '../../webhooks/webhook-store.ts';
import { sealedColumns } from './reseal.ts';

const old = newSealingKey();
let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ webhooks: { sealingKey: old, allowPrivateAddresses: false } });
});
afterAll(() => api.close());

const addOne = async () => {
  const body = { url: 'https://hooks.example.org/', events: ['document.created'] };
  const answer = await api.send('administrator', 'POST', '/webhooks', body);
  return parseResponse(webhooksApi.addWebhook.response, answer);
};
const secretsNow = async (id: number, key = old) => {
  const target = await findTarget(api.database.pool, api.districtId, id);
  return target && openSecrets(target, key);
};

it('covers every sealed column', async () => {
  const { rows } = await api.database.pool.query<{ place: string }>(
    `select table_name || '.' || column_name as place from information_schema.columns
     where table_schema = 'public' and column_name like '%sealed%' order by 1`,
  );
  const places = sealedColumns.map(({ table, column }) => `${table}.${column}`);
  expect(rows.map(({ place }) => place)).toEqual(places.toSorted((a, b) => a.localeCompare(b)));
});

it('does not open the secret of one webhook as that of another in the district', async () => {
  const { pool } = api.database;
  const { webhook: first } = await addOne();
  const { webhook: second, secret } = await addOne();
  await api.send('administrator', 'POST', `/webhooks/${second.id}/secret`);
  expect(await secretsNow(second.id)).toContain(secret);
  for (const column of ['secret_sealed', 'former_secret_sealed']) {
    await pool.query(
      `update webhooks set secret_sealed = (select ${column} from webhooks where id = $2) where id = $1`,
      [first.id, second.id],
    );
    await expect(secretsNow(first.id)).rejects.toThrow(SealError);
  }
  await pool.query('delete from webhooks');
});

it('opens secrets bound only to the district, and binds them to their webhook', async () => {
  const { pool } = api.database;
  const { webhook } = await addOne();
  const former = sealSecret('whsec_former', `webhook of district ${api.districtId}`, old);
  await pool.query('update webhooks set secret_sealed = $1', [former]);
  expect(await secretsNow(webhook.id)).toEqual(['whsec_former']);
  expect(await resealSecrets(pool, old, sealedColumns)).toBe(1);
  expect(await resealSecrets(pool, old, sealedColumns)).toBe(0);
  expect(await secretsNow(webhook.id)).toEqual(['whsec_former']);
  const { rows } = await pool.query<{ sealed: string }>(
    'select secret_sealed as sealed from webhooks',
  );
  const sealed = rows[0]?.sealed ?? '';
  expect(() => openSecret(sealed, `webhook of district ${api.districtId}`, old)).toThrow(SealError);
  await pool.query('delete from webhooks');
});

it('afterwards the new key alone opens the current and former secrets of webhooks', async () => {
  const { webhook, secret } = await addOne();
  await api.send('administrator', 'POST', `/webhooks/${webhook.id}/secret`);
  const next: SealingKey = { ...newSealingKey(), former: [old] };
  expect(await resealSecrets(api.database.pool, next, sealedColumns)).toBe(2);
  const alone: SealingKey = { id: next.id, bytes: next.bytes };
  expect(await secretsNow(webhook.id, alone)).toEqual([expect.stringMatching(/^whsec_/), secret]);
});
