/** Errors of sign-in itself, each with a code and advice. */

const messages = {
  'session-secret-too-short':
    'The secret that signs sessions has fewer than 32 characters, so a session could be forged. Set one of at least 32 random characters (openssl rand -base64 32).',
  'public-url-invalid':
    'The public address of the server is not a web address. Write it as users type it, for example https://iep.example.org.',
  'public-url-missing':
    'Mail can be sent, but the public address of the server is not set, so links in mails would not work. Set DAYBREAK_PUBLIC_URL to the address that users type.',
  'sealing-key-missing':
    'There is no sealing key for the client secret, so it was not stored. Give the server the sealing key of its districts.',
  'sign-in-failed':
    'The password could not be checked, so nobody was signed in. The log of the server has the cause; fix it and try again.',
  'sign-out-failed':
    'The session could not be ended. It expires after twelve hours; the log of the server has the cause.',
} as const;

export type AccountsErrorCode = keyof typeof messages;

/** An error of sign-in. Contains no e-mail address, no password and no cookie. */
export class AccountsError extends Error {
  override readonly name = 'AccountsError';
  readonly code: AccountsErrorCode;

  constructor(code: AccountsErrorCode, cause?: unknown) {
    super(messages[code], cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
