import { afterAll, beforeAll, expect, it } from 'vitest';

import { type RunningSandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import {
  parseResponse,
  errorOf,
  openTestApi,
  type TestApi,
} from '../../../tests/servers/test-api.ts';
import {
  type MailCatcher,
  mailerTo,
  startMailCatcher,
} from '../../../tests/servers/mail-catcher.ts';
import { type SetupRequest, setupApi } from '../../contract/districts/setup.ts';
import { newSealingKey } from '../../districts/sealed-secret.ts';
import { createConnectionCheck } from '../../qmlativ/connection-check.ts';
import { unnamedVendor } from '../../qmlativ/vendor-identity.ts';
import { neededObjects } from '../../qmlativ/objects/needed-objects.ts';
import type { Mailer } from '../../mail/mailer.ts';
import { createPartnerClient } from '../../qmlativ/partner-client.ts';

let api: TestApi;
let skyward: RunningSandbox;
let catcher: MailCatcher;
let mailer: Mailer | undefined;

beforeAll(async () => {
  catcher = await startMailCatcher();
  skyward = await startSandbox({ port: 0, students: 30, schools: 3, today: '2026-11-23' });
  const partner = createPartnerClient({
    url: skyward.partnerUrl,
    token: skyward.sandbox.partnerToken,
    rules: { allowPrivateAddresses: true },
  });
  api = await openTestApi({
    setup: {
      sealingKey: newSealingKey(),
      partner,
      neededObjects: neededObjects(),
      allowPrivateAddress: true,
      get mailer() {
        return mailer;
      },
      checkConnection: createConnectionCheck(unnamedVendor),
    },
  });
});
afterAll(async () => {
  await api.close();
  await catcher.close();
  await skyward.close();
});

async function take(
  request: SetupRequest,
  body: Readonly<Record<string, unknown>>,
): Promise<Response> {
  const path = `/api/support/districts/${request.districtId}/requests/${request.id}/steps`;
  return api.ask('technician', path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ version: request.version, ...body }),
  });
}
const taken = async (request: SetupRequest, body: Readonly<Record<string, unknown>>) =>
  (await parseResponse(setupApi.takeSetupStep.response, await take(request, body))).request;

it('R29: request, verify, secret, credentials: through the API, the secret never in an answer', async () => {
  await api.send('administrator', 'POST', '/setup');
  const asked = await parseResponse(
    setupApi.getSetup.response,
    await api.askDistrict('administrator', '/setup'),
  );
  if (asked.request === null) throw new Error('no request');
  const verify = { step: 'verify', customerId: 'larkspur-springs', expectedKey: null };
  const waiting = await taken(asked.request, verify);
  expect(waiting.state).toBe('waiting');
  expect(waiting.verification?.findings[0]?.code).toBe('record-not-found');

  const stale = await take(asked.request, verify);
  expect(stale.status).toBe(409);
  expect((await errorOf(stale)).advice).toContain('Someone else');

  const entered = await taken(waiting, {
    step: 'enter-credentials',
    baseUrl: skyward.baseUrl,
    clientKey: skyward.clientKey,
    clientSecret: 'a-secret-planted-here',
    entityId: 2,
  });
  expect(JSON.stringify(entered)).not.toContain('planted');
  const answer = await take(entered, { step: 'complete' });
  const text = await answer.text();
  expect(JSON.parse(text)).toMatchObject({
    request: { state: 'connected', steps: ['reopen', 'resend-confirmation'] },
  });
  expect(text).not.toContain('planted');
  const { rows } = await api.database.pool.query<{ step: string }>(
    `select detail ->> 'step' as step from audit_events where action = 'setup-step-taken' order by id`,
  );
  expect(rows.map(({ step }) => step)).toEqual(['verify', 'enter-credentials', 'complete']);
});

it.each([
  [{ step: 'verify', customerId: 'x', expectedKey: 'with space' }, 'expectedKey'],
  [{ step: 'decline', note: ' ' }, 'note'],
  [{ step: 'dance' }, 'step'],
])('refuses a step that is none: %j', async (body, field) => {
  const response = await api.ask('technician', '/api/support/districts/1/requests/1/steps', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ version: 1, ...body }),
  });
  expect(response.status).toBe(400);
  expect((await errorOf(response)).field).toBe(field);
});

const postJson = async (role: 'administrator' | 'technician', path: string, body: object) =>
  api.ask(role, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

it('an unconfirmed mail becomes a request only through a technician, with an entry in the audit trail', async () => {
  const { rows } = await api.database.pool.query<{ id: number }>(
    `insert into support_mails (district_id, received_at, envelope_from, header_from, subject, message_id, body,
       bytes, sender, outcome, reason)
     values (0, now(), 'pat@other.example', array['pat@other.example'], 'Complete', 'one@other.example', '', 0,
       '{"verdict":"unknown","spf":"none","dkim":"none","dmarc":"none"}', 'inbox', 'sender-unconfirmed')
     returning id`,
  );
  const path = `/api/support/districts/0/mails/${rows[0]?.id}/request`;
  const ask = async (role: 'administrator' | 'technician', domain: string | null) =>
    postJson(role, path, { domain });
  expect((await ask('administrator', null)).status).toBe(404);
  expect((await ask('technician', 'nobody.example')).status).toBe(422);
  const opened = await parseResponse(
    setupApi.openRequestFromMail.response,
    await ask('technician', null),
  );
  expect(opened).toMatchObject({ isNew: true, request: { domain: 'other.example' } });
  expect((await ask('technician', null)).status).toBe(404);
  const lines = await api.database.pool.query(
    `select account_name from audit_events where action = 'setup-requested' and district_id = $1`,
    [opened.request.districtId],
  );
  expect(lines.rows).toHaveLength(1);
});

async function insertMail(from: string): Promise<string> {
  const { rows } = await api.database.pool.query<{ id: number }>(
    `insert into support_mails (district_id, received_at, envelope_from, header_from, subject, message_id, body,
       bytes, sender, outcome, reason)
     values (0, now(), $1, array[$1], 'What do you charge?', 'two@elsewhere.example', '', 0,
       '{"verdict":"unknown","spf":"none","dkim":"none","dmarc":"none"}', 'inbox', 'other-subject')
     returning id`,
    [from],
  );
  return `/api/support/districts/0/mails/${rows[0]?.id}`;
}

it('a mail of an unknown sender is assigned to the district that a technician selects', async () => {
  const path = await insertMail('pat@elsewhere.example');
  expect((await postJson('technician', `${path}/request`, { domain: null })).status).toBe(422);
  const opened = await parseResponse(
    setupApi.openRequestFromMail.response,
    await postJson('technician', `${path}/request`, { domain: 'other.example' }),
  );
  expect(opened.request).toMatchObject({ domain: 'other.example' });
});

it('a reply goes to the sender in the thread of the mail, which is done then', async () => {
  const path = await insertMail('kim@elsewhere.example');
  expect((await postJson('administrator', `${path}/reply`, { text: 'Yes.' })).status).toBe(404);
  const failed = await postJson('technician', `${path}/reply`, { text: 'Yes.' });
  expect((await errorOf(failed)).advice).toBe('Reply with your own mail program.');
  mailer = mailerTo(catcher, api.database.pool);
  const { to } = await parseResponse(
    setupApi.replyToMail.response,
    await postJson('technician', `${path}/reply`, { text: 'Nothing.\n\nIt is free.' }),
  );
  expect(to).toBe('kim@elsewhere.example');
  mailer = undefined;
  const [mail] = catcher.mails;
  expect(mail).toMatchObject({
    subject: 'Re: What do you charge?',
    inReplyTo: '<two@elsewhere.example>',
    text: expect.stringContaining('It is free.'),
  });
  expect(mail?.headers.has('auto-submitted')).toBe(false);
  const { mails } = await parseResponse(
    setupApi.listSupportMails.response,
    await api.ask('technician', '/api/support/mails'),
  );
  expect(mails.map(({ from }) => from)).not.toContainEqual([to]);
});
