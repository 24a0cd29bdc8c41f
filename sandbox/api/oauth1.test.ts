/** Tests of OAuth 1.0a: the base string of RFC 5849, and valid and invalid signed requests. */
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { percentEncode, signatureBase } from './oauth1.ts';
import { readResponse, type ApiResponse } from './sandbox-client.ts';
import { createSandbox, type Sandbox } from '../sandbox.ts';

const now = 1_795_000_000_000;
const secret = 'a secret/with=signs&more';

function createTestSandbox(access = {}): Sandbox {
  return createSandbox({
    students: 30,
    today: '2026-11-23',
    now: () => now,
    access: { key: 'the key', secret, ...access },
  });
}

/** Builds a signature by RFC 5849, sections 3.4.1 and 3.4.2, independently of the code. */
function handMade(
  changes: { nonce?: string; time?: number; secret?: string; page?: number } = {},
): {
  url: string;
  header: string;
} {
  const nonce = changes.nonce ?? '8472';
  const time = changes.time ?? now / 1000;
  const page = changes.page ?? 1;
  const base =
    'GET&http%3A%2F%2Flocalhost%2FPracticeStuAPI%2FGeneric%2F1%2FDistrict%2FEntity%2F1%2F5&' +
    'oauth_consumer_key%3Dthe%2520key%26' +
    `oauth_nonce%3D${nonce}%26` +
    'oauth_signature_method%3DHMAC-SHA1%26' +
    `oauth_timestamp%3D${time}%26` +
    'oauth_version%3D1.0%26' +
    'searchFields%3DEntityID%26searchFields%3DName';
  const key = changes.secret ?? 'a%20secret%2Fwith%3Dsigns%26more&';
  const signature = createHmac('sha1', key).update(base).digest('base64');
  return {
    // Sent in the other order, since the base string sorts.
    url: `http://localhost/PracticeStuAPI/Generic/1/District/Entity/${page}/5?searchFields=Name&searchFields=EntityID`,
    header:
      `OAuth oauth_nonce="${nonce}", oauth_timestamp="${time}", oauth_version="1.0", ` +
      'oauth_signature_method="HMAC-SHA1", oauth_consumer_key="the%20key", ' +
      `oauth_signature="${encodeURIComponent(signature)}"`,
  };
}

async function send(
  sandbox: Sandbox,
  { url, header }: { url: string; header: string },
): Promise<ApiResponse> {
  return readResponse(await sandbox.app.request(url, { headers: { Authorization: header } }));
}

describe('signature base string', () => {
  it('equals the example in RFC 5849, section 3.4.1.1', () => {
    const base = signatureBase('post', new URL('http://EXAMPLE.com:80/request?b5=%3D%253D&a3=a'), [
      ['b5', '=%3D'],
      ['a3', 'a'],
      ['c@', ''],
      ['a2', 'r b'],
      ['c2', ''],
      ['a3', '2 q'],
      ['oauth_consumer_key', '9djdj82h48djs9d2'],
      ['oauth_token', 'kkk9d7dh3k39sjv7'],
      ['oauth_signature_method', 'HMAC-SHA1'],
      ['oauth_timestamp', '137131201'],
      ['oauth_nonce', '7d8f3e4a'],
    ]);
    expect(base).toBe(
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    );
  });

  it('escapes everything except unreserved characters', () => {
    expect(percentEncode("aZ09-._~ !'()*é")).toBe('aZ09-._~%20%21%27%28%29%2A%C3%A9');
  });
});

describe('signed requests', () => {
  it('succeed without a token', async () => {
    const response = await send(createTestSandbox(), handMade());
    expect(response.status).toBe(200);
    expect(response.rows[0]).toEqual({ EntityID: 1, Name: 'System' });
  });

  it.each([
    ['a wrong secret', { secret: 'other&' }, /signature is wrong/u],
    ['another address than the signed one', { page: 2 }, /signature is wrong/u],
    ['an old timestamp', { time: now / 1000 - 301 }, /timestamp/u],
  ])('are rejected with %s', async (_, changes, message) => {
    const response = await send(createTestSandbox(), handMade(changes));
    expect(response.status).toBe(401);
    expect(response.json?.['error']).toMatch(message);
  });

  it('are rejected if the nonce was used before', async () => {
    const sandbox = createTestSandbox();
    await send(sandbox, handMade());
    const again = await send(sandbox, handMade());
    expect(again.status).toBe(401);
    expect(again.json?.['error']).toMatch(/nonce/u);
  });

  it('are rejected if the access allows only OAuth 2.0', async () => {
    const response = await send(createTestSandbox({ authenticationType: 'OAuth 2.0' }), handMade());
    expect(response.status).toBe(403);
  });

  it.each(['OAuth nonsense', 'OAuth oauth_nonce="%"', 'OAuth oauth_nonce="1"'])(
    'are rejected with the header %s',
    async (header) => {
      const { url } = handMade();
      expect((await send(createTestSandbox(), { url, header })).status).toBe(401);
    },
  );
});
