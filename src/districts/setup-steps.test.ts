import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type RunningSandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { insertDistrict } from '../../tests/builders/record-builder.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import type { Database } from '../database/database.ts';
import type { ReceivedMail } from '../mail/support-mailbox.ts';
import { createConnectionCheck } from '../qmlativ/connection-check.ts';
import { createPartnerClient } from '../qmlativ/partner-client.ts';
import { unnamedVendor } from '../qmlativ/vendor-identity.ts';
import { findDistrict, getConnection } from './district.ts';
import { newSealingKey } from './sealed-secret.ts';
import {
  findRequest,
  listRequests,
  type SetupRequest,
  type StepOutcome,
} from './setup-requests.ts';
import {
  completeRequest,
  enterCredentials,
  generateSecret,
  declineRequest,
  reopenRequest,
  type SetupContext,
  verifyRequest,
} from './setup-steps.ts';
import { listInbox, openRequestFromMail, processSupportMail, findThread } from './support-inbox.ts';
import { requestSubject } from './mail-classification.ts';

const now = Temporal.Instant.from('2026-11-23T15:00:00Z');
const own = ['tier2help@samegoal.com'];
const customer = { customerId: 'larkspur-springs', expectedKey: null, timeZone: 'America/Chicago' };
let database: Database;
let skyward: RunningSandbox;
let context: SetupContext;
let districts = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  skyward = await startSandbox({ port: 0, students: 30, schools: 3, today: '2026-11-23' });
  context = {
    pool: database.web.pool,
    sealingKey: newSealingKey(),
    partner: createPartnerClient({
      url: skyward.partnerUrl,
      token: skyward.sandbox.partnerToken,
      rules: { allowPrivateAddresses: true },
    }),
    neededObjects: [
      {
        object: 'Student/Student',
        required: true,
        requiredFields: ['StudentID'],
        optionalFields: [],
      },
    ],
    allowPrivateAddress: true,
    checkConnection: createConnectionCheck(unnamedVendor),
    now: () => now,
  };
});
afterAll(async () => {
  await context.partner?.close();
  await skyward.close();
  await database.close();
});

let domain = '';
let districtId = 0;
beforeEach(async () => {
  domain = `d${districts++}.example`;
  districtId = await insertDistrict(database, { domain });
});

const mailFrom = (from: string, given: Partial<ReceivedMail> = {}): ReceivedMail => ({
  receivedAt: now,
  envelopeFrom: from,
  from: [from],
  subject: requestSubject,
  messageId: `${Math.trunc(districtId)}-${from}`,
  references: [],
  headers: new Map(),
  text: '',
  bytes: 100,
  sender: { verdict: 'confirmed', spf: 'pass', dkim: 'pass', dmarc: 'pass' },
  ...given,
});

async function requested(): Promise<SetupRequest> {
  await processSupportMail(database.web.pool, mailFrom(`pat@${domain}`), own);
  const request = await findRequest(database.web.pool, districtId);
  if (request === undefined) throw new Error('no request');
  return request;
}

/** Adds an access as the district's administrator does in Skyward. */
function addAccess(given: { readonly isActive?: boolean } = {}) {
  return skyward.sandbox.accesses.add({
    integrationId: 2,
    name: `Nightly of ${domain}`,
    description: '',
    key: `key-of-${domain}`,
    secret: null,
    secrets: [],
    authenticationType: 'OAuth 2.0',
    isActive: true,
    effectiveDate: '2026-11-23',
    expirationDate: '2027-11-23',
    entities: new Set([2, 3, 4, 5]),
    fields: new Map([['Student/Student', new Set(['StudentID'])]]),
    allowsWriting: false,
    ...given,
  });
}

function done(outcome: StepOutcome): SetupRequest {
  if (outcome.kind !== 'done') throw new Error(`the step ended as ${outcome.kind}`);
  return outcome.request;
}
const verify = async (request: SetupRequest) =>
  done(await verifyRequest(context, request, { ...customer, expectedKey: `key-of-${domain}` }));

describe('mail to support', () => {
  it('opens a request of the district (R15 to R18); a second one joins it', async () => {
    const first = await processSupportMail(database.web.pool, mailFrom(`pat@${domain}`), own);
    expect(first).toMatchObject({ outcome: 'request', districtId });
    const second = await processSupportMail(
      database.web.pool,
      mailFrom(`sam@${domain}`, { subject: `Re: ${requestSubject}` }),
      own,
    );
    expect(second).toMatchObject({ outcome: 'joined', requestId: first?.requestId });
    const open = await listRequests(database.web.pool, 'open');
    expect(open.filter((request) => request.districtId === districtId)).toHaveLength(1);
  });

  it('sent twice by a server is processed once', async () => {
    const mail = mailFrom(`pat@${domain}`);
    await processSupportMail(database.web.pool, mail, own);
    expect(await processSupportMail(database.web.pool, mail, own)).toBeUndefined();
  });

  it('at the same moment opens one request', async () => {
    const outcomes = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (name) =>
        processSupportMail(database.web.pool, mailFrom(`${name}@${domain}`), own),
      ),
    );
    expect(outcomes.filter((mail) => mail?.outcome === 'request')).toHaveLength(1);
    expect(new Set(outcomes.map((mail) => mail?.requestId)).size).toBe(1);
  });

  it('that is forged is put in the inbox with the reason, without a district', async () => {
    const forged = mailFrom(`boss@${domain}`, {
      sender: { verdict: 'contradicted', spf: 'fail', dkim: 'none', dmarc: 'fail' },
    });
    expect(await processSupportMail(database.web.pool, forged, own)).toMatchObject({
      outcome: 'inbox',
    });
    expect(await findRequest(database.web.pool, districtId)).toBeUndefined();
    const [mail] = await listInbox(database.web.pool, 'waiting');
    expect(mail).toMatchObject({ districtId: 0, reason: 'sender-contradicted' });
  });

  it('that is not confirmed opens a request when a technician confirms it', async () => {
    const unconfirmed = { verdict: 'unknown', spf: 'none', dkim: 'none', dmarc: 'none' } as const;
    const sent = mailFrom(`pat@${domain}`, { sender: unconfirmed });
    expect(await processSupportMail(database.web.pool, sent, own)).toMatchObject({
      outcome: 'inbox',
    });
    const [mail] = await listInbox(database.web.pool, 'waiting');
    if (mail === undefined) throw new Error('no mail waits');
    const by = { name: 'Tess Technician', at: now };
    const opened = await openRequestFromMail(database.web.pool, mail, null, by);
    expect(opened).toMatchObject({
      kind: 'opened',
      isNew: true,
      request: { districtId, channel: 'mail', requestedBy: `pat@${domain}` },
    });
    expect(await listInbox(database.web.pool, 'waiting')).not.toContainEqual(
      expect.objectContaining({ id: mail.id }),
    );
    expect(await openRequestFromMail(database.web.pool, mail, null, by)).toEqual({
      kind: 'not-found',
    });
  });

  it('from outside every district opens none, even if a technician confirms it', async () => {
    await processSupportMail(database.web.pool, mailFrom('x@elsewhere.example'), own);
    const [mail] = await listInbox(database.web.pool, 'waiting');
    if (mail === undefined) throw new Error('no mail waits');
    const by = { name: 'Tess Technician', at: now };
    expect(await openRequestFromMail(database.web.pool, mail, null, by)).toEqual({
      kind: 'no-district',
    });
  });

  it('has a thread that the confirmation answers (R28)', async () => {
    const mail = mailFrom(`pat@${domain}`, { messageId: 'two@x.example', references: ['one@x'] });
    const stored = await processSupportMail(database.web.pool, mail, own);
    expect(await findThread(database.web.pool, districtId, stored?.requestId ?? 0)).toEqual({
      subject: requestSubject,
      ids: ['one@x', 'two@x.example'],
      to: `pat@${domain}`,
    });
  });
});

describe('the steps of R29', () => {
  it('lead from the request to credentials that open Skyward', async () => {
    addAccess();
    const verified = await verify(await requested());
    expect(verified.state).toBe('verified');
    expect(verified.verification?.findings.filter(({ blocks }) => blocks)).toEqual([]);
    const generated = done(await generateSecret(context, verified));
    expect(generated).toMatchObject({ state: 'secret-generated', clientKey: `key-of-${domain}` });
    const connected = done(await completeRequest(context, generated));
    expect(connected.state).toBe('connected');
    const district = await findDistrict(database.web.pool, domain);
    if (district === undefined) throw new Error('no district');
    const connection = await getConnection(database.web.pool, district, context.sealingKey);
    expect(connection.baseUrl).toBe(skyward.baseUrl);
    const token = await fetch(`${connection.baseUrl}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: connection.clientKey,
        client_secret: connection.clientSecret,
      }),
    });
    expect(token.status).toBe(200);
  });

  it('wait for the district while something blocks, and go on once it is fixed', async () => {
    const access = addAccess({ isActive: false });
    const waiting = await verify(await requested());
    expect(waiting.state).toBe('waiting');
    expect(waiting.verification?.findings.map(({ code }) => code)).toContain('inactive');
    expect(await generateSecret(context, waiting)).toMatchObject({ kind: 'conflict' });
    skyward.sandbox.accesses.change(access.key, { isActive: true });
    expect((await verify(waiting)).state).toBe('verified');
  });

  it('keep the name of the integration token when the district is connected again', async () => {
    addAccess();
    const generated = done(await generateSecret(context, await verify(await requested())));
    const connected = done(await completeRequest(context, generated));
    await database.pool.query(
      `update skyward_connections set integration_token_name = 'washington' where district_id = $1`,
      [districtId],
    );
    const reopened = done(await reopenRequest(context, connected));
    const again = done(await generateSecret(context, await verify(reopened)));
    done(await completeRequest(context, again));
    const district = await findDistrict(database.web.pool, domain);
    if (district === undefined) throw new Error('no district');
    const connection = await getConnection(database.web.pool, district, context.sealingKey);
    expect(connection.integrationTokenName).toBe('washington');
  });

  it('taken twice at once happen once', async () => {
    addAccess();
    const verified = await verify(await requested());
    const outcomes = await Promise.all([
      generateSecret(context, verified),
      generateSecret(context, verified),
    ]);
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['conflict', 'done']);
  });

  it('can be taken back: declined, opened again, with credentials entered manually', async () => {
    const declined = done(await declineRequest(context, await requested(), 'Not our customer.'));
    expect(declined.closedAt).not.toBeNull();
    const reopened = done(await reopenRequest(context, declined));
    const entered = done(
      await enterCredentials(context, reopened, {
        baseUrl: skyward.baseUrl,
        clientKey: skyward.clientKey,
        clientSecret: skyward.clientSecret,
        entityId: skyward.entityId,
      }),
    );
    expect(done(await completeRequest(context, entered)).state).toBe('connected');
  });

  it('test key and secret with Skyward at Verify if they are known', async () => {
    addAccess();
    const { baseUrl, clientKey, clientSecret, entityId } = skyward;
    const enter = async (request: SetupRequest, secret: string) =>
      done(
        await enterCredentials(context, request, {
          baseUrl,
          clientKey,
          clientSecret: secret,
          entityId,
        }),
      );
    const entered = await enter(await requested(), clientSecret);
    const verified = await verify(entered);
    expect(verified.state).toBe('secret-generated');
    expect(verified.verification?.findings).toContainEqual({
      code: 'skyward-responds',
      blocks: false,
      message: 'Skyward responds; token by POST form; all 9 objects an import needs are allowed.',
      advice: '',
    });

    skyward.sandbox.switches.set({ 'required-not-granted': 'refused-403' });
    const waiting = await verify(verified);
    skyward.sandbox.switches.reset();
    expect(waiting.state).toBe('waiting');
    expect(waiting.verification?.findings).toContainEqual(
      expect.objectContaining({
        code: 'skyward-incomplete',
        blocks: true,
        message: expect.stringContaining('Enrollment/WithdrawalCode'),
      }),
    );

    const rejected = await verify(await enter(waiting, 'another-secret'));
    expect(rejected.verification?.findings).toContainEqual(
      expect.objectContaining({ code: 'skyward-rejects', blocks: true }),
    );
  });

  it('leave no secret in plain text in any table', async () => {
    const entered = done(
      await enterCredentials(context, await requested(), {
        baseUrl: skyward.baseUrl,
        clientKey: 'k',
        clientSecret: 'planted-secret-of-this-test',
        entityId: null,
      }),
    );
    const { rows } = await database.web.pool.query<{ text: string }>(
      `select r::text as text from setup_requests r where id = $1`,
      [entered.id],
    );
    expect(rows[0]?.text).not.toContain('planted-secret');
    expect(JSON.stringify(entered)).not.toContain('planted-secret');
  });
});
