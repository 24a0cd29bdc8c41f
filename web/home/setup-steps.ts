/** The steps from a new district to its first import: which are done, which is next, and who does it. */
import type { SetupRequest } from '../../src/contract/districts/setup.ts';

/** `you`: the district; `support`: the vendor; `automatic`: the program. */
export type Turn = 'you' | 'support' | 'automatic';

export interface SetupStep {
  readonly key: 'record' | 'request' | 'verification' | 'import';
  readonly title: string;
  readonly state: 'done' | 'current' | 'later';
  /** Whose turn it is; null for steps that are not current. */
  readonly turn: Turn | null;
  readonly text: string;
}

interface SetupFacts {
  readonly request: Pick<SetupRequest, 'state' | 'closedAt' | 'note'> | null;
  readonly isConnected: boolean;
  /** When the first import starts: `tomorrow 1:40 AM`; null if it is not known. */
  readonly firstImport: string | null;
}

/** Lists the four steps in their order; exactly one is current. */
export function listSetupSteps(facts: SetupFacts): readonly SetupStep[] {
  const { request, isConnected } = facts;
  const isOpen = request !== null && request.closedAt === null;
  const isRequested = isConnected || isOpen;
  // A request says that the record is there; until then nobody here knows whether it is.
  const wasRequested = isConnected || request !== null;
  const mustFix = isOpen && request.state === 'waiting' && !isConnected;
  return [
    {
      key: 'record',
      title: 'Create the Integration Access record in Skyward',
      ...at(mustFix || !wasRequested ? 'current' : 'done', 'you'),
      text: mustFix
        ? 'Something is missing in the record. Please fix it in Skyward; we’ll check again.'
        : 'A user with administrative access to Skyward adds it. It takes about five minutes.',
    },
    {
      key: 'request',
      title: 'Request activation',
      ...at(isRequested ? 'done' : wasRequested ? 'current' : 'later', 'you'),
      text: describeRequest(facts),
    },
    {
      key: 'verification',
      title: 'We verify the record and generate the secret',
      ...at(isConnected ? 'done' : isOpen && !mustFix ? 'current' : 'later', 'support'),
      text: describeVerification(facts, isOpen),
    },
    {
      key: 'import',
      title: 'First import',
      ...at(isConnected ? 'current' : 'later', 'automatic'),
      text: describeImport(facts),
    },
  ];
}

const at = (state: SetupStep['state'], turn: Turn): Pick<SetupStep, 'state' | 'turn'> => ({
  state,
  turn: state === 'current' ? turn : null,
});

function describeRequest({ request, isConnected }: SetupFacts): string {
  if (!isConnected && request?.state === 'declined') {
    return `We couldn’t complete the last request${request.note === null ? '.' : `: ${request.note}`}`;
  }
  return 'When the record is there, request activation here or by e-mail.';
}

function describeVerification({ request, isConnected }: SetupFacts, isOpen: boolean): string {
  if (isConnected) return 'The connection to Skyward is set up.';
  if (!isOpen) return 'We start as soon as you have requested activation.';
  return {
    requested: 'We have your request and check the record next.',
    waiting: 'We wait until the record is fixed, then check it again.',
    verified: 'The record is complete. Next, we generate the secret.',
    'secret-generated': 'The secret is generated. We complete the last step.',
    connected: '',
    declined: '',
  }[request?.state ?? 'requested'];
}

function describeImport({ isConnected, firstImport }: SetupFacts): string {
  if (!isConnected) {
    return 'It runs automatically after midnight, once the connection is set up. Students appear the following morning.';
  }
  return firstImport === null
    ? 'Nightly imports are paused. Resume them in Settings, or import now.'
    : `It starts automatically ${firstImport}. Students appear in the morning; you can also import now.`;
}
