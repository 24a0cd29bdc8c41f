/** Tests of the partner interface: reading accesses, generating secrets, and their tokens. */
import { describe, expect, it } from 'vitest';
import { requestToken, signIn } from '../api/sandbox-client.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../sandbox.ts';

const customer = '/customers/larkspur-springs';
const accesses = `${customer}/integration-accesses`;

/** Creates a sandbox with one access of SameGoal Demographics, as the pages add it. */
function createTestSandbox(options: SandboxOptions = {}) {
  const sandbox = createSandbox({ students: 30, schools: 3, today: '2026-11-23', ...options });
  const access = sandbox.accesses.add({
    integrationId: 2,
    name: 'Demographics',
    description: 'For nightly imports',
    key: 'larkspur-demographics',
    secret: null,
    secrets: [],
    authenticationType: 'OAuth 2.0',
    isActive: true,
    effectiveDate: '2026-11-23',
    expirationDate: '2027-11-23',
    entities: new Set([2, 4]),
    fields: new Map([['Student/Student', new Set(['StudentID'])]]),
    allowsWriting: false,
  });
  return { sandbox, access };
}

async function send(
  sandbox: Sandbox,
  path: string,
  { method = 'GET', body = '', token = sandbox.partnerToken } = {},
) {
  const response = await sandbox.app.request(`${sandbox.partnerPath}${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}` },
    ...(body === '' ? {} : { body }),
  });
  const text = await response.text();
  const json: unknown = text === '' ? null : JSON.parse(text);
  return { status: response.status, json };
}

async function generate(sandbox: Sandbox, id: number, body = ''): Promise<string> {
  const { json } = await send(sandbox, `${accesses}/${id}/secret`, { method: 'POST', body });
  const { secret } = Object(json);
  return String(secret);
}

const tokenWith = (sandbox: Sandbox, secret: string) =>
  requestToken(sandbox, { client_id: 'larkspur-demographics', client_secret: secret });

describe('the partner interface', () => {
  it('names its customer and the entities', async () => {
    const { sandbox } = createTestSandbox();
    const all = await send(sandbox, '/customers');
    expect(all.json).toEqual({
      customers: [
        {
          customerId: 'larkspur-springs',
          name: 'Larkspur Springs ISD',
          districtCode: '999901',
          apiBaseUrl: 'http://localhost/PracticeStuAPI',
          districtEntityId: 2,
          productName: 'SameGoal Demographics',
        },
      ],
    });
    const one = await send(sandbox, customer);
    expect(one.json).toMatchObject({
      entities: [
        { entityId: 2, name: '000 - Larkspur Springs ISD', isDistrictEntity: true },
        { entityId: 3, isDistrictEntity: false },
        {},
        {},
        {},
      ],
    });
  });

  it('R19: lists the accesses of its product with everything but a secret', async () => {
    const { sandbox, access } = createTestSandbox();
    const { json } = await send(sandbox, accesses);
    expect(json).toEqual({
      integrationAccesses: [
        {
          accessId: access.id,
          name: 'Demographics',
          description: 'For nightly imports',
          key: 'larkspur-demographics',
          authenticationType: 'OAuth 2.0',
          isActive: true,
          effectiveDate: '2026-11-23',
          expirationDate: '2027-11-23',
          status: 'Active',
          customApiEntities: [
            { entityId: 2, name: '000 - Larkspur Springs ISD', isDistrictEntity: true },
            { entityId: 4, name: expect.any(String), isDistrictEntity: false },
          ],
          permissions: [{ object: 'Student/Student', fields: ['StudentID'] }],
          hasSecret: false,
          secretGeneratedAt: null,
        },
      ],
    });
    expect((await send(sandbox, `${accesses}?key=other`)).json).toEqual({
      integrationAccesses: [],
    });
    const secret = await generate(sandbox, access.id);
    const after = await send(sandbox, `${accesses}/${access.id}`);
    expect(after.json).toMatchObject({ hasSecret: true, secretGeneratedAt: expect.any(String) });
    expect(JSON.stringify(after.json)).not.toContain(secret);
  });

  it.each([
    ['another token', accesses, { token: 'x' }, 401, 'unauthorized'],
    ['another customer', '/customers/x/integration-accesses', {}, 404, 'customer_not_found'],
    ['an unknown access', `${accesses}/99`, {}, 404, 'access_not_found'],
    ['an access of another product', `${accesses}/1`, {}, 404, 'access_not_found'],
    ['an unknown address', '/districts', {}, 404, 'not_found'],
    ['another method', accesses, { method: 'PUT' }, 405, 'method_not_allowed'],
    ['a body that is not JSON', `${accesses}/2/secret`, { body: '{' }, 400, 'invalid_request'],
    ['a list as body', `${accesses}/2/secret`, { body: '[]' }, 400, 'invalid_request'],
    ['an unknown member', `${accesses}/2/secret`, { body: '{"days":1}' }, 400, 'invalid_request'],
    [
      'more than a week',
      `${accesses}/2/secret`,
      { body: '{"formerSecretSeconds":604801}' },
      400,
      'invalid_request',
    ],
  ])('rejects %s', async (_, path, request, status, code) => {
    const { sandbox } = createTestSandbox();
    const method = path.endsWith('/secret') ? 'POST' : 'GET';
    const response = await send(sandbox, path, { method, ...request });
    expect(response).toMatchObject({
      status,
      json: { error: { code, message: expect.any(String) } },
    });
  });

  it('has its own faults', async () => {
    const { sandbox } = createTestSandbox({ faults: [{ object: 'partner', kind: 'status-500' }] });
    expect((await send(sandbox, accesses)).status).toBe(500);
    expect((await send(sandbox, accesses)).status).toBe(200);
  });
});

describe('R14: a generated secret', () => {
  it('gets a token with the permissions of the access', async () => {
    const { sandbox, access } = createTestSandbox();
    expect((await tokenWith(sandbox, '')).json?.['error']).toBe('invalid_client');
    const secret = await generate(sandbox, access.id);
    expect((await tokenWith(sandbox, secret)).status).toBe(200);
    const call = await signIn(sandbox, {
      client_id: access.key,
      client_secret: secret,
    });
    expect((await call('/Custom/2/Student/Student/1/1?searchFields=StudentID')).status).toBe(200);
    expect((await call('/Custom/2/Student/Student/1/1?searchFields=NameID')).status).toBe(403);
    expect((await call('/Custom/3/Student/Student/1/1?searchFields=StudentID')).status).toBe(403);
  });

  it('is stored only as a hash', async () => {
    const { sandbox, access } = createTestSandbox();
    const secret = await generate(sandbox, access.id);
    expect(JSON.stringify(sandbox.accesses.list())).not.toContain(secret);
  });

  it('invalidates the previous one at once, or after the requested time', async () => {
    let now = 1_800_000_000_000;
    const { sandbox, access } = createTestSandbox({ now: () => now });
    const first = await generate(sandbox, access.id);
    const second = await generate(sandbox, access.id);
    expect((await tokenWith(sandbox, first)).status).toBe(401);
    const third = await generate(sandbox, access.id, '{"formerSecretSeconds":60}');
    now += 59_999;
    expect((await tokenWith(sandbox, second)).status).toBe(200);
    expect((await tokenWith(sandbox, third)).status).toBe(200);
    now += 1;
    expect((await tokenWith(sandbox, second)).status).toBe(401);
    expect((await tokenWith(sandbox, third)).status).toBe(200);
  });

  it('is not generated for OAuth 1.0a, which signs with the secret itself', async () => {
    const { sandbox, access } = createTestSandbox();
    sandbox.accesses.change(access.key, { authenticationType: 'OAuth 1.0a' });
    const response = await send(sandbox, `${accesses}/${access.id}/secret`, { method: 'POST' });
    expect(response).toMatchObject({
      status: 409,
      json: { error: { code: 'authentication_type' } },
    });
  });

  it('can be revoked together with its tokens', async () => {
    const { sandbox, access } = createTestSandbox();
    const secret = await generate(sandbox, access.id);
    const call = await signIn(sandbox, { client_id: access.key, client_secret: secret });
    const taken = await send(sandbox, `${accesses}/${access.id}/secret`, { method: 'DELETE' });
    expect(taken.status).toBe(204);
    expect((await tokenWith(sandbox, secret)).status).toBe(401);
    expect((await call('/Custom/2/Student/Student/1/1?searchFields=StudentID')).status).toBe(401);
  });

  it.each([
    ['inactive', { isActive: false }, 403, /is not active/u],
    ['not yet effective', { effectiveDate: '2026-12-01' }, 403, /not effective before 2026-12-01/u],
    ['expired', { expirationDate: '2026-11-22' }, 403, /expired on 2026-11-22/u],
  ])('is rejected while the access is %s', async (_, changes, status, message) => {
    const { sandbox, access } = createTestSandbox();
    const secret = await generate(sandbox, access.id);
    sandbox.accesses.change(access.key, changes);
    const response = await tokenWith(sandbox, secret);
    expect(response.status).toBe(status);
    expect(response.json?.['error']).toMatch(message);
  });

  it('is rejected once the access is deleted', async () => {
    const { sandbox, access } = createTestSandbox();
    const secret = await generate(sandbox, access.id);
    sandbox.accesses.remove(access.key);
    expect(await tokenWith(sandbox, secret)).toMatchObject({
      status: 401,
      json: { error: 'invalid_client' },
    });
  });
});
