/** A gate before a practice Skyward: closed, every answer waits, so that a test finds an import under way. */
import { openSkywardPassage, type SkywardPassage } from './skyward-proxy.ts';

export interface SkywardGate extends SkywardPassage {
  /** Lets nothing more through; what asks for rows waits. */
  shut(): void;
  open(): void;
}

/** Opens a gate before the practice Skyward of this base URL. */
export async function openSkywardGate(baseUrl: string): Promise<SkywardGate> {
  let opening = Promise.withResolvers<undefined>();
  opening.resolve(undefined);
  const passage = await openSkywardPassage(baseUrl, { leave: async () => opening.promise });
  return {
    baseUrl: passage.baseUrl,
    shut: () => (opening = Promise.withResolvers()),
    open: () => opening.resolve(undefined),
    close: async () => {
      opening.resolve(undefined);
      await passage.close();
    },
  };
}
