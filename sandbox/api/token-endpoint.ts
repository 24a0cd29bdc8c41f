/** The token endpoint: POST with a form, POST or GET with Basic authentication. */
import type { Accesses } from './access.ts';
import type { SwitchValues } from './contract-switches.ts';
import { ApiError } from './api-error.ts';
import type { UnencodedResponse } from './response-encoding.ts';

/** Dependencies of the token endpoint. */
export interface TokenDeps {
  readonly accesses: Accesses;
  /** Expected value of the header `Skyward-Integration-Token`. */
  readonly integrationToken: string;
  readonly switches: SwitchValues;
}

/** Responds to a token request. Throws for a wrong grant, credentials, method or vendor. */
export async function respondToTokenRequest(
  request: Request,
  deps: TokenDeps,
): Promise<UnencodedResponse> {
  checkVendor(request, deps);
  const { token, expiresInSeconds } = await issue(request, deps);
  const { switches } = deps;
  const isText = switches['token-response'] === 'lifetime-as-text';
  const body = {
    access_token: token,
    ...(switches['token-response'] === 'token-only'
      ? {}
      : {
          token_type: 'bearer',
          expires_in: isText ? String(expiresInSeconds) : expiresInSeconds,
        }),
  };
  return {
    status: switches['token-status'] === 'status-201' ? 201 : 200,
    text: JSON.stringify(body),
    headers: { 'Cache-Control': 'no-store' },
  };
}

/** Rejects a missing or wrong vendor like a wrong secret. */
function checkVendor(request: Request, { integrationToken, switches }: TokenDeps): void {
  const requirement = switches['integration-token'];
  const sentToken = request.headers.get('skyward-integration-token');
  if (requirement === 'ignored' || (requirement === 'required' && sentToken === integrationToken))
    return;
  throw new ApiError(401, 'invalid_client');
}

async function issue(request: Request, { accesses, switches }: TokenDeps) {
  const form = switches['token-form'];
  const pairForm = switches['basic-pair'];
  const header = request.headers.get('authorization') ?? '';
  if (request.method === 'GET') {
    if (form !== 'any' && form !== 'get-basic')
      throw new ApiError(405, 'Tokens are issued by POST only.');
    checkGrant(new URL(request.url).searchParams.get('grant_type'));
    return issueForBasicPair(header, accesses, pairForm);
  }
  if (request.method !== 'POST') throw new ApiError(405, 'Tokens are issued by POST or GET.');
  if (form === 'get-basic') throw new ApiError(405, 'Tokens are issued by GET only.');
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded\b/iu.test(type)) {
    throw new ApiError(400, 'invalid_request', {
      error_description: 'The body must be application/x-www-form-urlencoded.',
    });
  }
  const body = new URLSearchParams(await request.text());
  checkGrant(body.get('grant_type'));
  const key = body.get('client_id');
  const secret = body.get('client_secret');
  if (form !== 'post-basic' && key !== null && secret !== null) {
    return accesses.issueToken(key, secret);
  }
  return issueForBasicPair(form === 'post-form' ? '' : header, accesses, pairForm);
}

function checkGrant(grant: string | null): void {
  if (grant === 'client_credentials') return;
  throw new ApiError(400, grant === null ? 'invalid_request' : 'unsupported_grant_type', {
    error_description: "grant_type must be 'client_credentials'.",
  });
}

/** Issues a token for Basic authentication; key and secret are plain or, since July 2023, URL-encoded. */
function issueForBasicPair(header: string, accesses: Accesses, form: SwitchValues['basic-pair']) {
  const encoded = /^basic\s+(\S+)$/iu.exec(header)?.[1];
  if (encoded === undefined) {
    throw new ApiError(401, 'invalid_client', {
      error_description: 'The request has no key and secret.',
    });
  }
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const [key, secret] = [pair.slice(0, colon), pair.slice(colon + 1)];
  const decodedKey = decodeFormValue(key);
  const decodedSecret = decodeFormValue(secret);
  const isDecoded =
    form !== 'plain' &&
    decodedKey !== undefined &&
    decodedSecret !== undefined &&
    (form === 'encoded' || accesses.isPair(decodedKey, decodedSecret));
  return isDecoded
    ? accesses.issueToken(decodedKey, decodedSecret)
    : accesses.issueToken(key, secret);
}

function decodeFormValue(text: string): string | undefined {
  try {
    // These clients encode a space as a plus sign.
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
