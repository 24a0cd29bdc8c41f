/** What a person does with the app of codes, over any way to call the API. */
import type { z } from 'zod';

import { accountApi } from '../../src/contract/accounts/account.ts';
import { oneTimeCode } from './one-time-code.ts';

/** Sends a request as who is signed in; gives the answer's body. */
export type Ask = (method: string, path: string, body?: object) => Promise<unknown>;

/** Turns the second factor on; gives the backup codes. */
export async function setUpTwoFactor(ask: Ask): Promise<string[]> {
  const { path } = accountApi.startTwoFactor;
  const { uri, backupCodes } = await asked(accountApi.startTwoFactor, ask);
  await ask('PUT', path, { code: oneTimeCode(uri, Date.now()) });
  return backupCodes;
}

/** New backup codes in place of those there are. */
export const newBackupCodes = async (ask: Ask): Promise<string[]> =>
  (await asked(accountApi.replaceBackupCodes, ask)).backupCodes;

const asked = async <Schema extends z.ZodType>(
  {
    method,
    path,
    response,
  }: { readonly method: string; readonly path: string; readonly response: Schema },
  ask: Ask,
): Promise<z.output<Schema>> => response.parse(await ask(method, path));
