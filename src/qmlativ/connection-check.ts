/** Tries a connection: one token and the system's metadata, so that a wrong key shows before a night does. */
import type {
  ConnectionCheck,
  ConnectionCheckOutcome,
  ConnectionToTry,
} from '../districts/connection-check.ts';
import { createQmlativClient } from './qmlativ-client.ts';
import { QmlativError } from './qmlativ-error.ts';
import { integrationTokenFor, type VendorIdentity } from './vendor-identity.ts';

/** A person waits for the answer: few tries, and no long ones. */
const patience = { attempts: 2, baseDelayMs: 300, maxDelayMs: 1000, budget: 2 };
const requestTimeoutMs = 15_000;

/** Makes the check that asks Skyward with credentials. It never throws for what Skyward or the network does. */
export const createConnectionCheck =
  (vendor: VendorIdentity): ConnectionCheck =>
  async (connection) =>
    checkConnection(vendor, connection);

async function checkConnection(
  vendor: VendorIdentity,
  connection: ConnectionToTry,
): Promise<ConnectionCheckOutcome> {
  try {
    const client = createQmlativClient({
      baseUrl: connection.baseUrl,
      clientKey: connection.clientKey,
      clientSecret: connection.clientSecret,
      integrationToken: integrationTokenFor(vendor, connection),
      userAgent: vendor.userAgent,
      allowPrivateAddresses: connection.allowPrivateAddress,
      requestTimeoutMs,
      retry: patience,
    });
    try {
      const { districts } = await client.systemMetadata();
      return { kind: 'works', districtName: districts[0]?.name ?? null };
    } finally {
      await client.close();
    }
  } catch (error) {
    if (!(error instanceof QmlativError)) throw error;
    const { code, message, advice } = error;
    return { kind: 'problem', code, message, advice };
  }
}
