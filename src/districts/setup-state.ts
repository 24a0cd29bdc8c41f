/** The states of a request to connect a district, and which step leads where. Pure. */

export type SetupState =
  | 'requested'
  /** Verify found something missing: it is the district's turn. */
  | 'waiting'
  | 'verified'
  /** A secret is there and waits to be completed. */
  | 'secret-generated'
  | 'connected'
  | 'declined';

/** What a technician can do with a request. Every step can be repeated or taken back. */
export type SetupStep =
  | 'verify'
  | 'confirm-manually'
  | 'generate-secret'
  | 'enter-credentials'
  | 'discard-secret'
  | 'complete'
  | 'decline'
  | 'reopen'
  | 'resend-confirmation';

const openStates = ['requested', 'waiting', 'verified', 'secret-generated'] as const;

const allowedStates: Readonly<Record<SetupStep, readonly SetupState[]>> = {
  verify: openStates,
  'confirm-manually': ['requested', 'waiting'],
  'generate-secret': ['verified', 'secret-generated'],
  'enter-credentials': openStates,
  'discard-secret': ['secret-generated'],
  complete: ['secret-generated'],
  decline: openStates,
  reopen: ['declined', 'connected'],
  'resend-confirmation': ['connected'],
};

/** The order of R29: request, verify, generate the secret, credentials visible, confirmation. */
export const canTake = (step: SetupStep, state: SetupState): boolean =>
  allowedStates[step].includes(state);

/** Every step that a request in this state can take now. */
export const listSteps = (state: SetupState): readonly SetupStep[] =>
  (Object.keys(allowedStates) as SetupStep[]).filter((step) => canTake(step, state));

/** The state after Verify: a secret that is there already stays, what is missing sends back to waiting. */
export const stateAfterVerify = (before: SetupState, isReady: boolean): SetupState =>
  !isReady ? 'waiting' : before === 'secret-generated' ? 'secret-generated' : 'verified';
