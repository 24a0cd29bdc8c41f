/** The accounts of the demo: an administrator, a case manager of one school, and a technician. */
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Accounts } from '../../accounts/accounts.ts';
import { findAccountByEmail, type User } from '../../accounts/users/user.ts';
import type { Queryable } from '../../database/queryable.ts';

export const demoPeople = {
  administrator: { name: 'Alex Rivera', email: 'administrator@demo.example' },
  caseManager: { name: 'Casey Morgan', email: 'case.manager@demo.example' },
  technician: { name: 'Taylor Brooks', email: 'technician@vendor.example' },
} as const;

export type DemoAccounts = Readonly<Record<keyof typeof demoPeople, User>>;

/** Creates the accounts unless they exist, all with the same password; the case manager is of one school. */
export async function ensureDemoAccounts(
  db: Queryable,
  accounts: Accounts,
  given: { readonly districtId: number; readonly schoolId: number; readonly password: string },
): Promise<DemoAccounts> {
  const { districtId, schoolId, password } = given;
  const ensure = async (
    key: keyof typeof demoPeople,
    rights: Pick<Parameters<Accounts['createAccount']>[0], 'districtId' | 'role' | 'schools'>,
  ): Promise<User> => {
    const outcome = await accounts.createAccount({ ...demoPeople[key], ...rights, password });
    if (outcome.kind === 'invalid') throw new Error(outcome.message);
    const account = await findAccountByEmail(db, demoPeople[key].email);
    if (account === undefined) throw new Error(`The account of the ${key} was not created`);
    return account.user;
  };
  return {
    administrator: await ensure('administrator', { districtId, role: 'administrator' }),
    caseManager: await ensure('caseManager', { districtId, role: 'staff', schools: [schoolId] }),
    technician: await ensure('technician', { districtId: null, role: 'technician' }),
  };
}

/** The authenticator of an account, as the server returns it when two-step verification is set up. */
export interface Authenticator {
  readonly secret: string;
  readonly backupCodes: readonly string[];
}

const Started = z.object({ uri: z.string(), backupCodes: z.array(z.string()) });

/** Sets up two-step verification for the technician, as a technician does after the first sign-in. */
export async function setUpAuthenticator(url: string, password: string): Promise<Authenticator> {
  const send = async (method: string, path: string, body: unknown, cookie = '') => {
    const response = await fetch(`${url}/api/${path}`, {
      method,
      headers: { 'content-type': 'application/json', origin: url, cookie },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} responded with ${response.status}`);
    return response;
  };
  const { email } = demoPeople.technician;
  const signedIn = await send('POST', 'session', { email, password });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const started = await send('POST', 'account/two-factor', {}, cookie);
  const { uri, backupCodes } = Started.parse(await started.json());
  const secret = new URL(uri).searchParams.get('secret') ?? '';
  const code = oneTimeCode(secret, Temporal.Now.instant());
  await send('PUT', 'account/two-factor', { code }, cookie);
  return { secret, backupCodes };
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The six digits that an authenticator app shows at this moment (RFC 6238). */
function oneTimeCode(secret: string, moment: Temporal.Instant): string {
  const bits = Array.from(secret.replaceAll(/[=\s]/gu, '').toUpperCase())
    .map((letter) => base32.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from((bits.match(/.{8}/gu) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(moment.epochMilliseconds / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
