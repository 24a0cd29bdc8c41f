/** What can go wrong with sign-in itself, each with a code and what to do about it. */

const sentences = {
  'session-secret-too-short':
    'The secret that signs sessions has fewer than 32 characters, so a session could be forged. Give one of at least 32 random characters (openssl rand -base64 32).',
  'public-url-invalid':
    'The public address of the server is no web address. Write it as people type it, for example https://iep.example.org.',
  'sign-in-failed':
    'The password could not be checked, so nobody was signed in. The log of the server has the cause; try again once it is removed.',
  'sign-out-failed':
    'The session could not be ended. It ends by itself after twelve hours; the log of the server has the cause.',
} as const;

export type AccountsFaultCode = keyof typeof sentences;

/** A fault of sign-in. Holds no e-mail address, no password and no cookie. */
export class AccountsFault extends Error {
  override readonly name = 'AccountsFault';
  readonly code: AccountsFaultCode;

  constructor(code: AccountsFaultCode, cause?: unknown) {
    super(sentences[code], cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
