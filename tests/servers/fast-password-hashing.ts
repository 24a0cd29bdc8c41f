/** Password hashing at the lowest cost, since tests sign in hundreds of times, and real hashing takes 70 ms. */
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

import type { PasswordHashing } from '../../src/accounts/sign-in/password-hashing.ts';

const createDigest = (password: string, salt: string) => scryptSync(password, salt, 32, { N: 2 });

export const fastPasswords: PasswordHashing = {
  hash: async (password) => {
    const salt = randomBytes(8).toString('hex');
    return `${salt}:${createDigest(password, salt).toString('hex')}`;
  },
  verify: async ({ hash, password }) => {
    const [salt = '', digest = ''] = hash.split(':');
    return timingSafeEqual(Buffer.from(digest, 'hex'), createDigest(password, salt));
  },
};
