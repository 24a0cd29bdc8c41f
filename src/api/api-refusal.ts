/** A request that the API does not fulfil, and the one form in which every refusal and failure is answered. */
import type { Context } from 'hono';

import { type ErrorAnswer, type ErrorCode, errorStatus } from '../contract/endpoint.ts';

type Details = Omit<ErrorAnswer['error'], 'code' | 'message'>;

/** Thrown by routes and middleware; the text goes to the caller as it is and so names no person. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly code: ErrorCode;
  readonly details: Details;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    message: string,
    details: Details = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

/** The refusal as an answer: `{ error: { code, message, … } }` with the status of its code. */
export function errorAnswer(context: Context, refusal: ApiRefusal): Response {
  const answer: ErrorAnswer = {
    error: { code: refusal.code, message: refusal.message, ...refusal.details },
  };
  return context.json(answer, errorStatus[refusal.code], { ...refusal.headers });
}
