/** Signing in without the sign-in page, for tests of other screens. */
import type { BrowserContext } from 'playwright-core';

import { type SendRequest, newBackupCodes, setUpTwoFactor } from '../builders/two-factor.ts';

/** Backup codes of users with two-factor sign-in, by e-mail, since an app's code is valid for one sign-in only. */
export type BackupCodes = Map<string, string[]>;

/** Signs in through the API, and sets up two-factor sign-in if it is required. */
export async function signIn(
  context: BrowserContext,
  url: string,
  { email, password }: { readonly email: string; readonly password: string },
  backupCodes: BackupCodes = new Map(),
): Promise<void> {
  const send: SendRequest = async (method, path, data) => {
    const response = await context.request.fetch(`${url}${path}`, {
      method,
      headers: { origin: url },
      ...(data !== undefined && { data }),
    });
    if (response.ok()) return response.json();
    throw new Error(`${email} could not sign in: ${path} responded with ${response.status()}`);
  };
  const session = await send('POST', '/api/session', { email, password });
  if (JSON.stringify(session).includes('"needsTwoFactor":true')) {
    backupCodes.set(email, await setUpTwoFactor(send));
  } else if (JSON.stringify(session).includes('"twoFactor":true')) {
    const codes = backupCodes.get(email) ?? [];
    const code = codes.shift() ?? 'none left';
    await send('POST', '/api/session/two-factor', { code, kind: 'backup', trustDevice: false });
    if (codes.length === 0) backupCodes.set(email, await newBackupCodes(send));
  }
}
