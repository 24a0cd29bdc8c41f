/** Requests that need a fresh proof of who it is wait here while one dialog asks for it. */

/** Asks the person; rejects when they would rather not. */
export type ProofAsker = () => Promise<void>;

const askers = new Set<ProofAsker>();

/** Whoever shows the dialog tells it here; gives back what takes it away again. */
export function onProofNeeded(asker: ProofAsker): () => void {
  askers.add(asker);
  return () => askers.delete(asker);
}

/** Resolves once it is shown who it is; rejects with `refusal` where nobody could ask. */
export async function askForProof(refusal: Error): Promise<void> {
  const [asker] = askers;
  if (asker === undefined) throw refusal;
  return asker();
}
