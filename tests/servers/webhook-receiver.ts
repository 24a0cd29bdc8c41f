/** A webhook receiver on this machine that stores calls and responds as a test sets. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Webhook } from 'standardwebhooks';

export interface ReceivedCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface WebhookReceiver {
  readonly url: string;
  /** Received calls in order. */
  readonly calls: readonly ReceivedCall[];
  /** Sets the response to further calls; 200 by default. */
  respondWith(respond: (response: ServerResponse, call: ReceivedCall) => void): void;
  close(): Promise<void>;
}

const thank = (response: ServerResponse): void => {
  response.end('thanks');
};

export async function startReceiver(): Promise<WebhookReceiver> {
  const calls: ReceivedCall[] = [];
  let respond: Parameters<WebhookReceiver['respondWith']>[0] = thank;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const call = { path: request.url ?? '', headers: request.headers, body };
      calls.push(call);
      respond(response, call);
    });
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', () => listening.resolve());
  await listening.promise;
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    calls,
    respondWith: (given) => {
      respond = given;
    },
    close: async () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

/** Verifies a call with the official Standard Webhooks library; throws if the signature is wrong. */
export function verifyCall({ headers, body }: ReceivedCall, secret: string): unknown {
  const given = Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [
      name,
      String(headers[name]),
    ]),
  );
  return new Webhook(secret).verify(body, given);
}

/** Returns the event type in the body of a call. */
export const readEventType = ({ body }: ReceivedCall): string =>
  (JSON.parse(body) as { type: string }).type;
