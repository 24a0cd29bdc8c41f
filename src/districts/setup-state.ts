/** The states of a setup request, and which steps each state allows. Pure. */

export type SetupState =
  | 'requested'
  /** Verify found problems that the district has to fix. */
  | 'waiting'
  | 'verified'
  /** The secret is stored; Complete is the next step. */
  | 'secret-generated'
  | 'connected'
  | 'declined';

/** What a technician can do with a request. Every step can be repeated or undone. */
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

/** Lists the steps that this state allows. */
export const listSteps = (state: SetupState): readonly SetupStep[] =>
  (Object.keys(allowedStates) as SetupStep[]).filter((step) => canTake(step, state));

/** Returns the state after Verify. A stored secret is kept; a blocking finding leads back to waiting. */
export const stateAfterVerify = (before: SetupState, isReady: boolean): SetupState =>
  !isReady ? 'waiting' : before === 'secret-generated' ? 'secret-generated' : 'verified';
