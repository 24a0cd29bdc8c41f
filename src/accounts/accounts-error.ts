/** What can go wrong with sign-in itself, each with a code and what to do about it. */

const messages = {
  'session-secret-too-short':
    'The secret that signs sessions has fewer than 32 characters, so a session could be forged. Give one of at least 32 random characters (openssl rand -base64 32).',
  'public-url-invalid':
    'The public address of the server is no web address. Write it as people type it, for example https://iep.example.org.',
  'public-url-missing':
    'Mail can be sent, but the public address of the server is not set, so that links in mails would lead nowhere. Set DAYBREAK_PUBLIC_URL to the address that people type.',
  'sealing-key-missing':
    'There is no key to seal the client secret with, so it was not stored. Give the server the sealing key of its districts.',
  'sign-in-failed':
    'The password could not be checked, so nobody was signed in. The log of the server has the cause; try again once it is removed.',
  'sign-out-failed':
    'The session could not be ended. It ends by itself after twelve hours; the log of the server has the cause.',
} as const;

export type AccountsErrorCode = keyof typeof messages;

/** A fault of sign-in. Holds no e-mail address, no password and no cookie. */
export class AccountsError extends Error {
  override readonly name = 'AccountsFault';
  readonly code: AccountsErrorCode;

  constructor(code: AccountsErrorCode, cause?: unknown) {
    super(messages[code], cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
