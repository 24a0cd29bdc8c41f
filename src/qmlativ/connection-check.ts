/**
 * Checks a connection with a short probe: a token, the system metadata, and one page of each required list, so that
 * a wrong key or missing permission is found before an import.
 *
 * This folder is the client of Skyward Qmlativ's API; only this folder knows its objects and fields.
 */
import type {
  ConnectionCheck,
  ConnectionCheckOutcome,
  ConnectionCandidate,
} from '../districts/connection-check-port.ts';
import { neededObjects } from './objects/needed-objects.ts';
import { probeReport, type ProbeReport } from './probe/probe-report.ts';
import { probe } from './probe/probe.ts';
import { QmlativError } from './http/qmlativ-error.ts';
import { integrationTokenFor, type VendorIdentity } from './vendor-identity.ts';

/** A user waits for the result. */
const limits = { requests: 24, ms: 45_000 };
const requestTimeoutMs = 15_000;

/** Returns the connection check. It returns errors of Skyward and the network as problems instead of throwing them. */
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
    // Missing permissions of the entity are reported below; the credentials themselves work.
    if (outcome.stop !== undefined && outcome.stop.code !== 'no-entity-permission')
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

/** Returns the findings in one sentence, and what an import needs but lacks. */
function summarize({ token, objects, needs, isComplete }: ProbeReport): {
  summary: string;
  problems: string[];
} {
  const granted = objects.filter(({ state }) => state === 'granted');
  const others = objects.filter(({ state }) => state !== 'granted').map(({ object }) => object);
  const count =
    others.length === 0
      ? `all ${objects.length} objects an import needs are allowed`
      : `${granted.length} of ${objects.length} objects an import needs are allowed; missing: ${others.join(', ')}`;
  const parts = [
    'Skyward responds',
    `token ${formLabels[token.form ?? ''] ?? 'issued'}`,
    count,
    ...(isComplete ? [] : ['the check is incomplete']),
  ];
  return {
    summary: `${parts.join('; ')}.`,
    problems: needs.filter(({ isRequired }) => isRequired).map(({ sentence }) => sentence),
  };
}
