/** What a person does with the app of codes, over any way to call the API. */
import type { z } from 'zod';

import { accountApi } from '../../src/contract/accounts/account.ts';
import { oneTimeCode } from './one-time-code.ts';

/** Sends a request as who is signed in; gives the answer's body. */
export type SendRequest = (method: string, path: string, body?: object) => Promise<unknown>;

/** Turns the second factor on; gives the backup codes. */
export async function setUpTwoFactor(send: SendRequest): Promise<string[]> {
  const { path } = accountApi.startTwoFactor;
  const { uri, backupCodes } = await asked(accountApi.startTwoFactor, send);
  await send('PUT', path, { code: oneTimeCode(uri, Date.now()) });
  return backupCodes;
}

/** New backup codes in place of those there are. */
export const newBackupCodes = async (send: SendRequest): Promise<string[]> =>
  (await asked(accountApi.replaceBackupCodes, send)).backupCodes;

const asked = async <Schema extends z.ZodType>(
  {
    method,
    path,
    response,
  }: { readonly method: string; readonly path: string; readonly response: Schema },
  send: SendRequest,
): Promise<z.output<Schema>> => response.parse(await send(method, path));
