/** A small client for tests of the sandbox, which calls it without a port. */
import type { Sandbox } from '../sandbox.ts';

/** A response. `json` is undefined if the body is not JSON. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown> | undefined;
  /** `Objects` of a list; empty if there are none. */
  readonly rows: readonly Record<string, unknown>[];
  /** `Paging.Next`, or null. */
  readonly next: string | null;
}

/** Requests a token with the first access's credentials, or with others. */
export async function requestToken(
  sandbox: Sandbox,
  form: Readonly<Record<string, string>> = {},
): Promise<ApiResponse> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: sandbox.clientKey,
    client_secret: sandbox.clientSecret,
    ...form,
  });
  return readResponse(
    await sandbox.app.request(`${sandbox.basePath}/oauth/token`, { method: 'POST', body }),
  );
}

/** Calls a path relative to the base; with a body, POST is the default method. */
export type CallApi = (path: string, body?: unknown, method?: string) => Promise<ApiResponse>;

/** Signs in, by default as the first access, and returns a function that calls the API. */
export async function signIn(
  sandbox: Sandbox,
  form: Readonly<Record<string, string>> = {},
): Promise<CallApi> {
  const token = String((await requestToken(sandbox, form)).json?.['access_token']);
  return async (path, body, method = body === undefined ? 'GET' : 'POST') =>
    readResponse(
      await sandbox.app.request(`${sandbox.basePath}${path}`, {
        method,
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
}

/** Reads a whole response. */
export async function readResponse(response: Response): Promise<ApiResponse> {
  const text = await response.text();
  const json = parseJsonObject(text);
  const paging = json?.['Paging'];
  const rows = json?.['Objects'];
  return {
    status: response.status,
    headers: response.headers,
    text,
    json,
    rows: Array.isArray(rows) ? rows : [],
    next: isObject(paging) && typeof paging['Next'] === 'string' ? paging['Next'] : null,
  };
}

function parseJsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
