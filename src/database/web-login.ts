/** The role that the web process signs in to PostgreSQL as. */
import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

import type pg from 'pg';

import { toDatabaseError, DatabaseError, errorCode } from './database-error.ts';
import type { WebDatabase } from './web-database.ts';

/** Owns nothing and has only the grants of migrations. Each installation has its own password. */
export const webLoginName = 'daybreak_web_login';

/**
 * Makes sure that the web process can sign in: sets the role's password to that of the settings if it differs and the
 * owner may change it. Throws `database-web-login-rejected` otherwise.
 */
export async function prepareWebLogin(database: {
  readonly pool: pg.Pool;
  readonly web: WebDatabase;
}): Promise<void> {
  try {
    await database.web.health.query('select 1');
    return;
  } catch (error) {
    const databaseError = toDatabaseError(error);
    if (
      !(databaseError instanceof DatabaseError) ||
      databaseError.code !== 'database-password-rejected'
    )
      throw databaseError;
  }
  const { user, password } = database.web.health.options;
  if (user !== webLoginName || typeof password !== 'string') return;
  try {
    // As a verifier, so that the password never appears in the server's log.
    await database.pool.query(
      `alter role ${webLoginName} password '${await scramVerifier(password)}'`,
    );
  } catch (error) {
    if (errorCode(error) !== insufficientPrivilege) throw toDatabaseError(error);
    throw new DatabaseError(
      'database-web-login-rejected',
      `PostgreSQL rejects the password of ${webLoginName} in DATABASE_WEB_PASSWORD, and the user of DATABASE_URL may not change it.`,
      `Let an administrator of the server run: alter role ${webLoginName} login password '…'`,
      error,
    );
  }
}

const insufficientPrivilege = '42501';

/** Returns the SCRAM verifier that PostgreSQL stores for a password (RFC 5802), as psql's `\password` does. */
async function scramVerifier(password: string): Promise<string> {
  const iterations = 4096;
  const salt = randomBytes(16);
  const salted = await promisify(pbkdf2)(password, salt, iterations, 32, 'sha256');
  const keyOf = (name: string) => createHmac('sha256', salted).update(name).digest();
  const stored = createHash('sha256').update(keyOf('Client Key')).digest('base64');
  const server = keyOf('Server Key').toString('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${server}`;
}
