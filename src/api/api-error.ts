/**
 * Errors of the API: one class, the common ones, and the response they turn into.
 *
 * This folder is the HTTP API: the checks around every call, its routes and its server.
 */
import type { Context } from 'hono';
import { html } from 'hono/html';

import { type ErrorResponse, type ErrorCode, errorStatus } from '../contract/endpoint.ts';

type Details = Omit<ErrorResponse['error'], 'code' | 'message'>;

/** Thrown by routes and middleware. The text is sent to the caller as it is, so it never names a person. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
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

/** The one error for what does not exist and for what the caller may not see. */
export const notFound = (): ApiError =>
  new ApiError('not-found', 'There is nothing at this address.', {
    advice: 'Check the address; what belongs to others is not shown.',
  });

/** The same error for a student of another district, so that it does not reveal that the student exists. */
export const studentNotFound = (): ApiError =>
  new ApiError('not-found', 'There is no student of this number in your district.', {
    advice: 'Look the student up in the list by name.',
  });

/** Returns the value, or throws the error if there is none. */
export function found<Value>(value: Value | undefined, error: () => ApiError = notFound): Value {
  if (value === undefined) throw error();
  return value;
}

/**
 * Returns the error as `{ error: { code, message, … } }` with the status of its code, or as a page with the same
 * text if the browser would show the response, as after a click on an export.
 */
export function errorResponse(context: Context, error: ApiError): Response | Promise<Response> {
  const { code, message, details, headers } = error;
  const status = errorStatus[code];
  if (context.req.header('sec-fetch-dest') === 'document') {
    return context.html(errorPage(error), status, { ...headers });
  }
  const response: ErrorResponse = { error: { code, message, ...details } };
  return context.json(response, status, { ...headers });
}

const errorPage = ({ message, details }: ApiError) =>
  html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <meta name="color-scheme" content="light dark" />
      <title>${message}</title>
      <body style="font-family: sans-serif; max-width: 40rem; margin: 15vh auto; padding: 0 1rem">
        <h1>${message}</h1>
        <p>${details.advice ?? 'Go back and try again.'}</p>
        ${details.requestId === undefined ? '' : html`<p>Request ID: ${details.requestId}</p>`}
      </body>
    </html>`;
