/**
 * Tries a connection with the short part of a probe: a token, the system's metadata, and one page of each list that an
 * import cannot do without, so that a wrong key or a missing grant shows before an import does.
 */
import type {
  ConnectionCheck,
  ConnectionCheckOutcome,
  ConnectionCandidate,
} from '../districts/connection-check.ts';
import { neededObjects } from './objects/needed-objects.ts';
import { probeReport, type ProbeReport } from './probe/probe-report.ts';
import { probe } from './probe/probe.ts';
import { QmlativError } from './http/qmlativ-error.ts';
import { integrationTokenFor, type VendorIdentity } from './vendor-identity.ts';

/** A person waits for the answer. */
const limits = { requests: 24, ms: 45_000 };
const requestTimeoutMs = 15_000;

/** Makes the check that asks Skyward with credentials. It never throws for what Skyward or the network does. */
export const createConnectionCheck =
  (vendor: VendorIdentity): ConnectionCheck =>
  async (connection) =>
    checkConnection(vendor, connection);

async function checkConnection(
  vendor: VendorIdentity,
  connection: ConnectionCandidate,
): Promise<ConnectionCheckOutcome> {
  try {
    const outcome = await probe({
      baseUrl: connection.baseUrl,
      clientKey: connection.clientKey,
      clientSecret: connection.clientSecret,
      integrationToken: integrationTokenFor(vendor, connection),
      userAgent: vendor.userAgent,
      allowPrivateAddresses: connection.allowPrivateAddress,
      entityId: connection.entityId,
      isShort: true,
      limits,
      requestTimeoutMs,
    });
    const report = probeReport(
      outcome,
      neededObjects().filter(({ required }) => required),
      Temporal.Now.instant(),
    );
    // What an entity lacks is told beside the credentials, which do work.
    if (outcome.stop !== undefined && outcome.stop.code !== 'entity-not-granted')
      return toProblem(outcome.stop);
    return { kind: 'works', districtName: outcome.districtName, ...summarize(report) };
  } catch (error) {
    if (!(error instanceof QmlativError)) throw error;
    return toProblem(error);
  }
}

const toProblem = ({ code, message, advice }: QmlativError): ConnectionCheckOutcome => ({
  kind: 'problem',
  code,
  message,
  advice,
});

const formLabels: Readonly<Record<string, string>> = {
  'post-form': 'by POST form',
  'post-basic': 'by POST with Basic',
  'post-basic-encoded': 'by POST with Basic',
  'get-basic': 'by GET with Basic',
  'get-basic-plain': 'by GET with Basic',
};

/** What was seen, in one sentence, and what an import would lack. */
function summarize({ token, objects, needs, isComplete }: ProbeReport): {
  saw: string;
  problems: string[];
} {
  const granted = objects.filter(({ state }) => state === 'granted');
  const others = objects.filter(({ state }) => state !== 'granted').map(({ object }) => object);
  const count =
    others.length === 0
      ? `all ${objects.length} objects that an import needs are granted`
      : `${granted.length} of ${objects.length} objects that an import needs are granted; not: ${others.join(', ')}`;
  const parts = [
    'Skyward answers',
    `token ${formLabels[token.form ?? ''] ?? 'given'}`,
    count,
    ...(isComplete ? [] : ['not all was looked at']),
  ];
  return {
    saw: `${parts.join('; ')}.`,
    problems: needs.filter(({ isRequired }) => isRequired).map(({ sentence }) => sentence),
  };
}
