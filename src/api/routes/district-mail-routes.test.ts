/** Choosing who gets mail, and leaving the summary without an account. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import { openTestApi, type TestApi } from '../../../tests/servers/test-api.ts';
import type { MailRecipient } from '../../contract/districts/district-mail.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const listRecipients = async (): Promise<readonly MailRecipient[]> => {
  const response = await api.askDistrict('administrator', '/mail');
  return ((await response.json()) as { recipients: MailRecipient[] }).recipients;
};
const reader = async (email: string) => (await listRecipients()).find((one) => one.email === email);
const choose = async (id: string | undefined, notices: boolean, weekly: boolean) =>
  api.send('administrator', 'PUT', `/mail/recipients/${id}`, { notices, weekly });

it('administrators get alerts unless they choose otherwise, and at least one recipient remains', async () => {
  const administrator = await reader('administrator@demo.example');
  const staff = await reader('staff@demo.example');
  expect(administrator).toMatchObject({ notices: true, weekly: false });
  expect(staff).toMatchObject({ notices: false, weekly: false });

  const rejected = await choose(administrator?.id, false, true);
  expect(rejected.status).toBe(409);
  expect(await rejected.json()).toMatchObject({ error: { code: 'still-needed' } });

  expect((await choose(staff?.id, true, true)).status).toBe(200);
  expect((await choose(administrator?.id, false, false)).status).toBe(200);
  expect(await reader('staff@demo.example')).toMatchObject({ notices: true, weekly: true });
  expect(await reader('administrator@demo.example')).toMatchObject({ notices: false });
});

it('users of another district cannot be chosen', async () => {
  const { rows } = await api.database.pool.query<{ id: string }>(
    `select id from accounts where role = 'technician'`,
  );
  expect((await choose(rows[0]?.id, true, true)).status).toBe(404);
});

it('an unknown link changes nothing and returns an error', async () => {
  const token = `${api.districtId}-00000000-0000-4000-8000-000000000000`;
  const response = await api.app.request(`/api/mail/unsubscribe/${token}`, { method: 'POST' });
  expect(response.status).toBe(410);
  const strange = await api.app.request('/api/mail/unsubscribe/drop', { method: 'POST' });
  expect(strange.status).toBe(400);
});

it('a mail program that unsubscribes automatically (RFC 8058) needs no session and no JSON', async () => {
  const { rows } = await api.database.pool.query<{ token: string }>(
    `select district_id || '-' || unsubscribe_token as token from mail_choices where weekly`,
  );
  const response = await api.app.request(`/api/mail/unsubscribe/${rows[0]?.token}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });
  expect(response.status).toBe(200);
  expect(await reader('staff@demo.example')).toMatchObject({ notices: true, weekly: false });
});
