/** Sets up two-factor sign-in through any function that calls the API. */
import type { z } from 'zod';

import { accountApi } from '../../src/contract/accounts/account.ts';
import { oneTimeCode } from './one-time-code.ts';

/** Sends a request as the signed-in user; returns the response's body. */
export type SendRequest = (method: string, path: string, body?: object) => Promise<unknown>;

/** Turns on two-factor sign-in; returns the backup codes. */
export async function setUpTwoFactor(send: SendRequest): Promise<string[]> {
  const { path } = accountApi.startTwoFactor;
  const { uri, backupCodes } = await parseResponse(accountApi.startTwoFactor, send);
  await send('PUT', path, { code: oneTimeCode(uri, Date.now()) });
  return backupCodes;
}

/** Replaces the backup codes. */
export const newBackupCodes = async (send: SendRequest): Promise<string[]> =>
  (await parseResponse(accountApi.replaceBackupCodes, send)).backupCodes;

const parseResponse = async <Schema extends z.ZodType>(
  {
    method,
    path,
    response,
  }: { readonly method: string; readonly path: string; readonly response: Schema },
  send: SendRequest,
): Promise<z.output<Schema>> => response.parse(await send(method, path));
