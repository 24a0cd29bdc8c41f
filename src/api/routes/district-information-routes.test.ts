import { afterAll, beforeAll, expect, it } from 'vitest';

import { type RunningSandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import {
  parseResponse,
  errorOf,
  openTestApi,
  type TestApi,
} from '../../../tests/servers/test-api.ts';
import { districtInformationApi } from '../../contract/districts/district-information.ts';
import { newSealingKey } from '../../districts/sealed-secret.ts';
import { createConnectionCheck } from '../../qmlativ/connection-check.ts';
import { unnamedVendor } from '../../qmlativ/vendor-identity.ts';
import { neededObjects } from '../../qmlativ/objects/needed-objects.ts';

let api: TestApi;
let skyward: RunningSandbox;

beforeAll(async () => {
  skyward = await startSandbox({ port: 0, students: 30, schools: 3, today: '2026-11-23' });
  api = await openTestApi({
    setup: {
      sealingKey: newSealingKey(),
      partner: undefined,
      neededObjects: neededObjects(),
      allowPrivateAddress: true,
      mailer: undefined,
      checkConnection: createConnectionCheck(unnamedVendor),
    },
  });
});
afterAll(async () => {
  await api.close();
  await skyward.close();
});

const information = async () =>
  parseResponse(
    districtInformationApi.getDistrictInformation.response,
    await api.askDistrict('administrator', '/information'),
  );

const credentials = () => ({
  baseUrl: skyward.baseUrl,
  clientKey: skyward.clientKey,
  clientSecret: skyward.clientSecret,
});
const replace = async (body: object) => api.send('administrator', 'PUT', '/connection', body);

const auditedActions = async () => {
  const { rows } = await api.database.pool.query<{ action: string }>(
    `select action from audit_events where district_id = $1 and action like any($2) order by id`,
    [api.districtId, ['connection%', 'secret%', 'settings%']],
  );
  return rows.map(({ action }) => action);
};

it('R21: before the district is connected there is nothing to show, to test or to reveal', async () => {
  expect((await information()).connection).toBeNull();
  for (const [path, body] of [
    ['/connection/test', undefined],
    ['/connection/secret', undefined],
  ] as const) {
    const response = await api.send('administrator', 'POST', path, body);
    expect(response.status).toBe(422);
    expect((await errorOf(response)).message).toContain('not connected to Skyward yet');
  }
});

it('credentials that Skyward rejects are not stored, and the message has advice', async () => {
  const wrong = await replace({ ...credentials(), clientSecret: 'not-the-secret' });
  const { test, isStored } = await parseResponse(
    districtInformationApi.replaceConnection.response,
    wrong,
  );
  expect(isStored).toBe(false);
  expect(test).toMatchObject({ kind: 'problem', code: 'wrong-credentials' });
  const html = await parseResponse(
    districtInformationApi.replaceConnection.response,
    await replace({ ...credentials(), baseUrl: skyward.adminUrl }),
  );
  expect(html).toMatchObject({ isStored: false, test: { kind: 'problem' } });
  expect((await information()).connection).toBeNull();
  const spaces = await replace({ ...credentials(), clientKey: 'a key' });
  expect([spaces.status, (await errorOf(spaces)).field]).toEqual([400, 'clientKey']);
});

it('R27: address, key and secret are there once they work; the secret is in no answer but its own', async () => {
  const stored = await parseResponse(
    districtInformationApi.replaceConnection.response,
    await replace(credentials()),
  );
  expect(stored.isStored).toBe(true);
  const response = await api.askDistrict('administrator', '/information');
  const text = await response.text();
  expect(text).not.toContain(skyward.clientSecret);
  expect(JSON.parse(text)).toMatchObject({
    connection: { baseUrl: skyward.baseUrl, clientKey: skyward.clientKey, access: null },
  });
  const test = await api.send('administrator', 'POST', '/connection/test');
  expect(await parseResponse(districtInformationApi.testConnection.response, test)).toMatchObject({
    kind: 'works',
  });
  // A slip of the pen changes nothing.
  await replace({ ...credentials(), clientSecret: 'mistyped' });
  const again = await api.send('administrator', 'POST', '/connection/test');
  expect(await parseResponse(districtInformationApi.testConnection.response, again)).toMatchObject({
    kind: 'works',
  });
});

it('the secret is returned after recent authentication, and recorded in the audit trail', async () => {
  const proven = async (minutesAgo: number) =>
    api.database.pool.query(
      'update account_sessions set proven_at = now() - make_interval(mins => $1)',
      [minutesAgo],
    );
  await proven(5);
  const late = await api.send('administrator', 'POST', '/connection/secret');
  expect([late.status, (await errorOf(late)).code]).toEqual([403, 'reauthentication-required']);
  expect(await auditedActions()).not.toContain('secret-shown');
  await proven(4);
  const shown = await api.send('administrator', 'POST', '/connection/secret');
  expect(await parseResponse(districtInformationApi.showClientSecret.response, shown)).toEqual({
    clientSecret: skyward.clientSecret,
  });
  expect(await auditedActions()).toContain('secret-shown');
  expect(api.log()).not.toContain(skyward.clientSecret);
});

it('settings can be changed from their latest version only; others get a conflict', async () => {
  const { settings } = await information();
  const { domain: _, ...known } = settings;
  const changed = await api.send('administrator', 'PUT', '/information/settings', {
    ...known,
    timeZone: 'America/Denver',
    ownLimits: { added: { school: { share: 0.2, minimum: 8 } } },
    earliestStart: '02:30',
  });
  expect(
    await parseResponse(districtInformationApi.changeDistrictSettings.response, changed),
  ).toMatchObject({
    timeZone: 'America/Denver',
    version: known.version + 1,
    earliestStart: '02:30',
  });
  const late = await api.send('administrator', 'PUT', '/information/settings', known);
  expect(late.status).toBe(409);
  expect((await information()).settings.timeZone).toBe('America/Denver');
  const { rows } = await api.database.pool.query<{ fields: readonly string[] }>(
    `select detail -> 'fields' as fields from audit_events where action = 'settings-changed' order by id`,
  );
  expect(rows).toEqual([
    { fields: ['time zone', 'earliest import time', 'safety limit “New students”'] },
  ]);
  const { settings: now, scheduledImports } = await information();
  expect(scheduledImports).toHaveLength(14);
  const start = Temporal.Instant.from(scheduledImports[0]?.startsAt ?? '').toZonedDateTimeISO(
    'America/Denver',
  );
  expect([2, 3, 4]).toContain(start.hour);
  const { domain: _domain, ...latest } = now;
  await api.send('administrator', 'PUT', '/information/settings', { ...latest, isPaused: true });
  expect((await information()).scheduledImports).toEqual([]);
  const nowhere = await api.send('administrator', 'PUT', '/information/settings', {
    ...known,
    timeZone: 'Nowhere/Land',
  });
  expect([nowhere.status, (await errorOf(nowhere)).field]).toEqual([400, 'timeZone']);
});

it.each([
  [{ added: { school: { share: 0, minimum: 8 } } }, /added\.school\.share.*must be more than 0/],
  [{ added: { school: { share: 1.5, minimum: 8 } } }, /must be at most 1/],
  [{ added: { school: { share: 0.1, minimum: 0 } } }, /must be at least 1/],
  [{ missing: { school: { share: 0.1, minimum: 8 } } }, /"school"/],
  [{ everything: { district: { share: 0.1, minimum: 8 } } }, /"everything"/],
])('a limit that makes no sense is refused: %j', async (ownLimits, message) => {
  const { domain: _domain, ...known } = (await information()).settings;
  const answer = await api.send('administrator', 'PUT', '/information/settings', {
    ...known,
    ownLimits,
  });
  expect([answer.status, (await errorOf(answer)).message]).toEqual([
    400,
    expect.stringMatching(message),
  ]);
  expect((await information()).settings.ownLimits).toEqual(known.ownLimits);
});

it('R22: is not found for staff', async () => {
  for (const [method, path, body] of [
    ['GET', '/information', undefined],
    ['PUT', '/connection', credentials()],
    ['POST', '/connection/secret', undefined],
    ['POST', '/connection/test', undefined],
  ] as const) {
    expect((await api.send('staff', method, path, body)).status).toBe(404);
  }
});
