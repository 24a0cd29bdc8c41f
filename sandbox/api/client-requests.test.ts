/** Replays requests of public clients of the real API unchanged. */
import { describe, expect, it } from 'vitest';
import requests from './client-requests.json' with { type: 'json' };
import { percentEncode, sign, signatureBase } from './oauth1.ts';
import { readResponse, requestToken, type ApiResponse } from './sandbox-client.ts';
import { createSandbox, type Sandbox } from '../sandbox.ts';

type ClientRequest = (typeof requests)[number];

const origin = 'http://sandbox.example';

/** Replaces placeholders by keys of this district. */
function filled(sandbox: Sandbox, text: string): string {
  const first = (path: string): string => String([...sandbox.rows(path).ids()][0]);
  return text
    .replaceAll('{entryCode}', first('Enrollment/EntryCode'))
    .replaceAll('{nameEmail}', first('Demographics/NameEmail'))
    .replaceAll('{enrollment}', first('Enrollment/EntryWithdrawal'))
    .replaceAll('{name}', first('Demographics/Name'));
}

function oauth1Header(sandbox: Sandbox, method: string, url: URL): string {
  const members: [string, string][] = [
    ['oauth_nonce', '120934812349812'],
    ['oauth_timestamp', String(Math.floor(Date.now() / 1000))],
    ['oauth_version', '1.0'],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_consumer_key', sandbox.clientKey],
  ];
  const base = signatureBase(method, url, [...url.searchParams, ...members]);
  members.push(['oauth_signature', sign(base, sandbox.clientSecret)]);
  return `OAuth ${members.map(([name, value]) => `${name}="${percentEncode(value)}"`).join(', ')}`;
}

async function replay(request: ClientRequest, isEncoded: boolean): Promise<ApiResponse> {
  const sandbox = createSandbox({ students: 60, today: '2026-11-23', permissions: 'all' });
  const query = isEncoded
    ? request.query.map((part) => part.replace('[', '%5B').replace(']', '%5D')).join('&')
    : `${request.query.join('&')}&`;
  const url = new URL(`${origin}${sandbox.basePath}${filled(sandbox, request.path)}?${query}`);
  const token = String((await requestToken(sandbox)).json?.['access_token']);
  const authorization = request.oauth1
    ? oauth1Header(sandbox, request.method, url)
    : `Bearer ${token}`;
  return readResponse(
    await sandbox.app.request(url.href, {
      method: request.method,
      headers: { Authorization: authorization, 'Suppress-Development-Permissions': 'True' },
      ...('body' in request ? { body: filled(sandbox, JSON.stringify(request.body)) } : {}),
    }),
  );
}

const cases = requests.map((request) => [`${request.client}: ${request.step}`, request] as const);

describe('requests of public clients', () => {
  it.each(cases)('responds to %s', async (_, request) => {
    const response = await replay(request, false);
    expect(response.json).not.toHaveProperty('error');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/u);
    const members = request.answer === 'list' ? ['Objects', 'Paging'] : (request.members ?? []);
    expect(Object.keys(response.json ?? {})).toEqual(expect.arrayContaining(members));
  });

  it.each(cases)('responds to %s in the same way with an encoded query', async (_, request) => {
    const [plain, encoded] = [await replay(request, false), await replay(request, true)];
    expect(encoded.text).toBe(plain.text);
  });

  it('nests the fields of related rows', async () => {
    const dotted = requests.find(({ step }) => step.includes('dotted'));
    if (dotted === undefined) throw new Error('The request with dotted paths is missing.');
    const { rows } = await replay(dotted, false);
    expect(rows.length).toBeGreaterThan(5);
    expect(rows[0]).toMatchObject({
      Student: { StudentNumber: expect.stringMatching(/^\d{8}$/u) },
      WithdrawalCode: { Code: expect.any(String) },
    });
  });
});
