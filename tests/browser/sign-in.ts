/** Signing in for tests that are about something else. */
import type { BrowserContext } from 'playwright-core';

import { type SendRequest, newBackupCodes, setUpTwoFactor } from '../builders/two-factor.ts';

/** The backup codes of people with a second factor, by e-mail: an app's code would be good for one sign-in only. */
export type BackupCodes = Map<string, string[]>;

/** Signs in without the sign-in page, which has tests of its own; sets a second factor up where one is wanted. */
export async function signIn(
  context: BrowserContext,
  url: string,
  { email, password }: { readonly email: string; readonly password: string },
  backupCodes: BackupCodes = new Map(),
): Promise<void> {
  const ask: SendRequest = async (method, path, data) => {
    const response = await context.request.fetch(`${url}${path}`, {
      method,
      headers: { origin: url },
      ...(data !== undefined && { data }),
    });
    if (response.ok()) return response.json();
    throw new Error(`${email} could not sign in: ${path} answers ${response.status()}`);
  };
  const entered = await ask('POST', '/api/session', { email, password });
  if (JSON.stringify(entered).includes('"needsTwoFactor":true')) {
    backupCodes.set(email, await setUpTwoFactor(ask));
  } else if (JSON.stringify(entered).includes('"twoFactor":true')) {
    const codes = backupCodes.get(email) ?? [];
    const code = codes.shift() ?? 'none is left';
    await ask('POST', '/api/session/two-factor', { code, kind: 'backup', trustDevice: false });
    if (codes.length === 0) backupCodes.set(email, await newBackupCodes(ask));
  }
}
