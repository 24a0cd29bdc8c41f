/** The token endpoint: by POST form, or by GET with a Basic pair (contract 2.1). */
import type { Accesses } from './access.ts';
import { Refusal } from './refusal.ts';

/** The answer to a token request; refuses a wrong grant, pair or method. */
export async function answerToken(
  request: Request,
  accesses: Accesses,
): Promise<{ access_token: string; token_type: 'bearer'; expires_in: number }> {
  const { token, expiresInSeconds } = await issue(request, accesses);
  return { access_token: token, token_type: 'bearer', expires_in: expiresInSeconds };
}

async function issue(request: Request, accesses: Accesses) {
  if (request.method === 'GET') {
    checkGrant(new URL(request.url).searchParams.get('grant_type'));
    return issueForPair(request.headers.get('authorization') ?? '', accesses);
  }
  if (request.method !== 'POST') throw new Refusal(405, 'A token is got by POST or GET.');
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded\b/iu.test(type)) {
    throw new Refusal(400, 'invalid_request', {
      error_description: 'The body must be application/x-www-form-urlencoded.',
    });
  }
  const form = new URLSearchParams(await request.text());
  checkGrant(form.get('grant_type'));
  const key = form.get('client_id');
  const secret = form.get('client_secret');
  if (key !== null && secret !== null) return accesses.issueToken(key, secret);
  return issueForPair(request.headers.get('authorization') ?? '', accesses);
}

function checkGrant(grant: string | null): void {
  if (grant === 'client_credentials') return;
  throw new Refusal(400, grant === null ? 'invalid_request' : 'unsupported_grant_type', {
    error_description: "grant_type must be 'client_credentials'.",
  });
}

/** Key and secret stand in the pair as they are or, since July 2023, URL-encoded. */
function issueForPair(header: string, accesses: Accesses) {
  const encoded = /^basic\s+(\S+)$/iu.exec(header)?.[1];
  if (encoded === undefined) {
    throw new Refusal(401, 'invalid_client', {
      error_description: 'The request has no key and secret.',
    });
  }
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const [key, secret] = [pair.slice(0, colon), pair.slice(colon + 1)];
  const decodedKey = decoded(key);
  const decodedSecret = decoded(secret);
  if (decodedKey !== undefined && decodedSecret !== undefined) {
    if (accesses.isPair(decodedKey, decodedSecret)) {
      return accesses.issueToken(decodedKey, decodedSecret);
    }
  }
  return accesses.issueToken(key, secret);
}

function decoded(text: string): string | undefined {
  try {
    // The encoder of the clients that do this writes a blank as a plus sign.
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
