/** Lets requests that need recent authentication wait while one dialog asks for it. */

/** Asks the user; rejects if they cancel. */
export type ReauthenticationHandler = () => Promise<void>;

const handlers = new Set<ReauthenticationHandler>();

/** Registers the dialog; returns a function that removes it. */
export function onReauthenticationRequired(handler: ReauthenticationHandler): () => void {
  handlers.add(handler);
  return () => handlers.delete(handler);
}

/** Resolves after the user has authenticated; rejects with `error` if there is no dialog. */
export async function requestReauthentication(error: Error): Promise<void> {
  const [handler] = handlers;
  if (handler === undefined) throw error;
  return handler();
}
