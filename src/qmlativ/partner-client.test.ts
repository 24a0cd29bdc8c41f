import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type RunningSandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { createPartnerClient } from './partner-client.ts';

const today = '2026-11-23';
let skyward: RunningSandbox;

beforeAll(async () => {
  skyward = await startSandbox({ port: 0, students: 30, schools: 3, today });
});
afterAll(() => skyward.close());

const client = (given: { url?: string; token?: string } = {}) =>
  createPartnerClient({
    url: skyward.partnerUrl,
    token: skyward.sandbox.partnerToken,
    rules: { allowPrivateAddresses: true },
    ...given,
  });

const addAccess = () =>
  skyward.sandbox.accesses.add({
    integrationId: 2,
    name: 'Demographics',
    description: '',
    key: `larkspur-${skyward.sandbox.accesses.list().length}`,
    secret: null,
    secrets: [],
    authenticationType: 'OAuth 2.0',
    isActive: true,
    effectiveDate: today,
    expirationDate: null,
    entities: new Set([2, 4]),
    fields: new Map([['Student/Student', new Set(['StudentID'])]]),
    allowsWriting: false,
  });

describe('the partner client', () => {
  it('reads customers, entities and accesses, and never a secret', async () => {
    const partner = client();
    const [customer] = await partner.listSkywardDistricts();
    expect(customer?.productName).toBe('SameGoal Demographics');
    const entities = await partner.listEntities(customer?.customerId ?? '');
    expect(entities.filter((entity) => entity.isDistrictEntity)).toHaveLength(1);
    const { key } = addAccess();
    const access = (await partner.listAccesses(customer?.customerId ?? '')).find(
      (one) => one.key === key,
    );
    expect(access).toMatchObject({ authenticationType: 'OAuth 2.0', isActive: true });
    expect(access?.expirationDate).toBeNull();
    expect(access?.effectiveDate.toString()).toBe(today);
    expect(access?.entities.map((entity) => entity.entityId)).toEqual([2, 4]);
    await partner.close();
  });

  it('generates a secret for the key of an access (R14, R20)', async () => {
    const partner = client();
    const [customer] = await partner.listSkywardDistricts();
    const access = addAccess();
    const made = await partner.generateSecret(customer?.customerId ?? '', access.id, 0);
    expect(made.key).toBe(access.key);
    expect(made.secret.length).toBeGreaterThan(20);
    const token = await fetch(`${skyward.baseUrl}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: made.key,
        client_secret: made.secret,
      }),
    });
    expect(token.status).toBe(200);
    await partner.close();
  });

  it.each([
    ['a wrong token', { token: 'nobody-gave-this-token' }, 'partner-rejected'],
    [
      'an address that does not answer',
      { url: 'http://127.0.0.1:9/partner' },
      'partner-unreachable',
    ],
  ])('says what happened and what to do with %s', async (_, given, code) => {
    const partner = client(given);
    const fault: unknown = await partner.listSkywardDistricts().catch((error: unknown) => error);
    expect(fault).toMatchObject({ name: 'PartnerError', code });
    expect(String(Object(fault).message)).not.toContain('nobody-gave');
    await partner.close();
  });

  it('is not sent to an address that may not be called', () => {
    expect(() =>
      createPartnerClient({
        url: 'http://127.0.0.1:1/partner',
        token: 't',
        rules: { allowPrivateAddresses: false },
      }),
    ).toThrow(expect.objectContaining({ code: 'partner-unreachable' }));
  });
});
