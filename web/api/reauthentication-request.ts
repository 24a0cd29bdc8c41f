/** Requests that need a fresh proof of who it is wait here while one dialog asks for it. */

/** Asks the person; rejects when they would rather not. */
export type ReauthenticationHandler = () => Promise<void>;

const handlers = new Set<ReauthenticationHandler>();

/** Whoever shows the dialog tells it here; gives back what takes it away again. */
export function onReauthenticationRequired(handler: ReauthenticationHandler): () => void {
  handlers.add(handler);
  return () => handlers.delete(handler);
}

/** Resolves once it is shown who it is; rejects with `refusal` where nobody could ask. */
export async function requestReauthentication(error: Error): Promise<void> {
  const [handler] = handlers;
  if (handler === undefined) throw error;
  return handler();
}
