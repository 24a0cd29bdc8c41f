/** Tests of tokens and integration accesses: authentication, expiration and permissions. */
import { describe, expect, it } from 'vitest';
import { readResponse, requestToken, signIn } from './sandbox-client.ts';
import { createSandbox, type SandboxOptions } from '../sandbox.ts';

const path = '/Custom/2/Student/Student/1/1?searchFields=StudentID';

function createTestSandbox(options: SandboxOptions = {}) {
  return createSandbox({ students: 30, today: '2026-11-23', ...options });
}

describe('token', () => {
  it('is issued for a form with key and secret', async () => {
    const response = await requestToken(createTestSandbox({ tokenLifetimeSeconds: 90 }));
    expect(response.json).toEqual({
      access_token: expect.any(String),
      token_type: 'bearer',
      expires_in: 90,
    });
  });

  it.each([
    ['as it is', (text: string) => text],
    ['URL-encoded', encodeURIComponent],
  ])('is issued for GET with Basic authentication %s', async (_, encode) => {
    const sandbox = createTestSandbox({ access: { key: 'a key', secret: 'p:a/s=+%20&' } });
    const pair = `${encode(sandbox.clientKey)}:${encode(sandbox.clientSecret)}`;
    const response = await readResponse(
      await sandbox.app.request(`${sandbox.basePath}/oauth/token?grant_type=client_credentials`, {
        headers: { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
      }),
    );
    expect(response.status).toBe(200);
    expect(response.json).toHaveProperty('access_token');
  });

  it.each([
    ['a wrong secret', { client_secret: 'x' }, 401, 'invalid_client'],
    ['an unknown key', { client_id: 'x' }, 401, 'invalid_client'],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ])('is rejected for %s', async (_, form, status, error) => {
    const response = await requestToken(createTestSandbox(), form);
    expect(response.status).toBe(status);
    expect(response.json?.['error']).toBe(error);
  });

  it('is valid for its lifetime, and many are valid at the same time', async () => {
    let now = 1_800_000_000_000;
    const sandbox = createTestSandbox({ now: () => now, tokenLifetimeSeconds: 60 });
    const first = await signIn(sandbox);
    now += 59_000;
    const second = await signIn(sandbox);
    expect((await first(path)).status).toBe(200);
    now += 1_000;
    const expired = await first(path);
    expect(expired.status).toBe(403);
    expect(expired.json).toEqual({ error: 'Token has expired' });
    expect((await second(path)).status).toBe(200);
  });

  it('is unknown after revocation, and can be expired', async () => {
    const sandbox = createTestSandbox();
    const call = await signIn(sandbox);
    sandbox.accesses.expireTokens();
    expect((await call(path)).json).toEqual({ error: 'Token has expired' });
    sandbox.accesses.revokeTokens();
    expect((await call(path)).status).toBe(401);
  });

  it.each(['', 'Bearer nonsense', 'Basic eDp5', 'Digest x'])(
    'is required: %s is not enough',
    async (header) => {
      const sandbox = createTestSandbox();
      const response = await readResponse(
        await sandbox.app.request(`${sandbox.basePath}${path}`, {
          headers: { Authorization: header },
        }),
      );
      expect(response.status).toBe(401);
      expect(response.json?.['error']).toEqual(expect.any(String));
    },
  );
});

describe('integration access', () => {
  it.each([
    ['inactive', { isActive: false }, /not active/u],
    ['not yet effective', { effectiveDate: '2026-11-24' }, /before 2026-11-24/u],
    ['expired', { expirationDate: '2026-11-22' }, /expired on 2026-11-22/u],
  ])(
    'R11: that is %s gets no token, and its live tokens stop working',
    async (_, changes, message) => {
      const sandbox = createTestSandbox();
      const call = await signIn(sandbox);
      sandbox.accesses.change(sandbox.clientKey, changes);
      for (const response of [await requestToken(sandbox), await call(path)]) {
        expect(response.status).toBe(403);
        expect(response.json?.['error']).toMatch(message);
      }
    },
  );

  it('R11: works on its last day, and forever without an expiration date', async () => {
    expect(
      (await requestToken(createTestSandbox({ access: { expirationDate: '2026-11-23' } }))).status,
    ).toBe(200);
    expect(
      (await requestToken(createTestSandbox({ access: { expirationDate: null } }))).status,
    ).toBe(200);
  });

  it('R12: sees only its entities', async () => {
    const sandbox = createTestSandbox({ access: { entities: new Set([2, 3]) } });
    const call = await signIn(sandbox);
    expect(
      (await call('/Custom/4/Student/Student/1/1?searchFields=StudentID')).json?.['error'],
    ).toMatch(/entity 4/u);
    const { rows } = await call('/Custom/2/Enrollment/EntryWithdrawal/1/999?searchFields=EntityID');
    expect(new Set(rows.map((row) => row['EntityID']))).toEqual(new Set([3]));
  });

  it('cannot search by a removed field', async () => {
    const sandbox = createTestSandbox();
    const call = await signIn(sandbox);
    const search = {
      SearchCondition: { StringSearchCondition: { FieldName: 'Grade', ConditionType: 'NotNull' } },
    };
    expect((await call(path, search)).status).toBe(200);
    sandbox.accesses.dropFields(sandbox.clientKey, 'Student/Student', ['Grade']);
    const response = await call(path, search);
    expect(response.status).toBe(403);
    expect(response.json).toMatchObject({ fields: ['Grade'] });
  });

  it('R12: loses access to a removed entity or object', async () => {
    const sandbox = createTestSandbox();
    const call = await signIn(sandbox);
    sandbox.accesses.dropEntity(sandbox.clientKey, 1, [1, 2, 3]);
    expect((await call('/Custom/1/Student/Student/1/1?searchFields=StudentID')).status).toBe(403);
    expect((await call(path)).status).toBe(200);
    sandbox.accesses.dropFields(sandbox.clientKey, 'Student/Student');
    expect((await call(path)).json?.['error']).toMatch(/object Student\/Student/u);
  });
});
