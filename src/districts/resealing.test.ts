import { afterAll, beforeAll, expect, it } from 'vitest';

import { insertDistrict } from '../../tests/builders/record-builder.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import type { Database } from '../database/database.ts';
import { connectionSecrets, getConnection, setConnection } from './district.ts';
import { resealSecrets } from './resealing.ts';
import { newSealingKey, SealError, type SealingKey } from './sealed-secret.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const connection = {
  baseUrl: 'https://skyward.example/API',
  clientKey: 'key',
  clientSecret: 'the secret of the district',
  entityId: null,
  allowPrivateAddress: false,
};

it('after sealing with a new key, the old one is no longer needed', async () => {
  const old = newSealingKey();
  const id = await insertDistrict(database);
  const other = await insertDistrict(database, { domain: 'other.example' });
  for (const districtId of [id, other]) {
    await setConnection(database.pool, districtId, connection, old);
  }
  const next: SealingKey = { ...newSealingKey(), former: [old] };
  const secretBy = async (key: SealingKey) =>
    (await getConnection(database.pool, { id, domain: 'demo.example' }, key)).clientSecret;
  const alone: SealingKey = { id: next.id, bytes: next.bytes };
  await expect(secretBy(alone)).rejects.toThrow(SealError);
  expect(await secretBy(next)).toBe(connection.clientSecret);

  expect(await resealSecrets(database.pool, next, [connectionSecrets])).toBe(2);
  expect(await secretBy(alone)).toBe(connection.clientSecret);
  await expect(secretBy(old)).rejects.toThrow(SealError);
  expect(await resealSecrets(database.pool, next, [connectionSecrets])).toBe(0);
});
