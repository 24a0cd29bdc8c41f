/**
 * Skyward as another thread reads it: a client of its own with the access, the repeats and the times of quiet of the
 * one that lent it the lists. What it finds out, and each request, is told over there.
 */
import type { ThreadRoster } from '../import/reading/roster-source.ts';
import type { Token } from './http/access-token.ts';
import type { RequestEvent } from './http/api-call.ts';
import type { ObjectPermissions } from './lists/object-reading.ts';
import { createLentClient, type LentSettings, type QmlativClient } from './qmlativ-client.ts';
import { createLists, type RosterScope } from './lists/roster-lists.ts';
import { faultOf, tellFault, type ToldFault } from './told-fault.ts';

/** What is lent. */
export interface LentOrder {
  readonly settings: LentSettings;
  readonly scope: RosterScope;
}

/** What the thread says. */
export type ThreadRequest =
  | { readonly kind: 'request'; readonly event: RequestEvent }
  /** Said before a list ends, and before its fault. */
  | { readonly kind: 'grants'; readonly path: string; readonly found: ObjectPermissions }
  | { readonly kind: 'token'; readonly number: number; readonly refused: string | undefined };

/** What the thread is told. */
export type ThreadAnswer =
  | { readonly kind: 'stop' }
  | { readonly kind: 'token'; readonly number: number; readonly token: Token }
  | { readonly kind: 'no-token'; readonly number: number; readonly metadata: ToldFault };

/** Opens the lists that were lent; see `ThreadModule`. */
export function openInThread(order: unknown, say: (message: unknown) => void): ThreadRoster {
  const { settings, scope } = order as LentOrder;
  const ask = (request: ThreadRequest): void => say(request);
  const asked = new Map<number, PromiseWithResolvers<Token>>();
  let number = 0;
  const client = createLentClient(settings, {
    onRequest: (event) => ask({ kind: 'request', event }),
    borrow: async (refused) => {
      number += 1;
      const answered = Promise.withResolvers<Token>();
      asked.set(number, answered);
      ask({ kind: 'token', number, refused });
      return answered.promise;
    },
  });
  return {
    lists: createLists(client, scope).map((list) => ({
      ...list,
      pages: (signal) => tellingGrants(list.pages(signal), list.object, client, ask),
    })),
    hear(message) {
      const answer = message as ThreadAnswer;
      if (answer.kind === 'stop') {
        void client.close();
        return;
      }
      const answered = asked.get(answer.number);
      asked.delete(answer.number);
      if (answer.kind === 'token') answered?.resolve(answer.token);
      else answered?.reject(faultOf(answer.metadata));
    },
    tell: tellFault,
  };
}

async function* tellingGrants<Page>(
  pages: AsyncIterable<Page>,
  path: string,
  client: QmlativClient,
  ask: (request: ThreadRequest) => void,
): AsyncGenerator<Page> {
  try {
    yield* pages;
  } finally {
    ask({ kind: 'grants', path, found: client.findPermissions(path) });
  }
}
