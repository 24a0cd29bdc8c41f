/** Kinds of poison written after the limits were set, by a person who did not set them. They are counted separately. */
import type { PoisonKind } from './poison-kind.ts';

export const secondKinds: readonly PoisonKind[] = [];
