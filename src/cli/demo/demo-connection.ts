/** Connects the demo's district as a technician does: request, Verify, credentials, Complete. */
import { transaction } from '../../database/transaction.ts';
import { addDistrict, setConnection, type District } from '../../districts/district.ts';
import {
  openRequest,
  type RequestVersion,
  type StepOutcome,
} from '../../districts/setup-requests.ts';
import {
  completeRequest,
  enterCredentials,
  recordConfirmation,
  verifyRequest,
  type SetupContext,
} from '../../districts/setup-steps.ts';
import type { SealingKey } from '../../districts/sealed-secret.ts';
import { createConnectionCheck } from '../../qmlativ/connection-check.ts';
import { neededObjects } from '../../qmlativ/objects/needed-objects.ts';
import { createPartnerClient } from '../../qmlativ/partner-client.ts';
import type { CommandContext } from '../command-context.ts';
import { workAt } from './database-times.ts';
import { demoPeople } from './demo-accounts.ts';
import type { DemoSkyward } from './demo-skyward.ts';

const demoDistrict = {
  domain: 'demo.example',
  name: 'Larkspur Springs Independent School District',
  timeZone: 'America/Chicago',
};

export const demoDomain = demoDistrict.domain;
export const demoTimeZone = demoDistrict.timeZone;

type Addresses = DemoSkyward['addresses'];

/** The connection of a district to a sandbox. */
export const toConnection = ({ baseUrl, clientKey, clientSecret, entityId }: Addresses) => ({
  baseUrl,
  clientKey,
  clientSecret,
  entityId,
  allowPrivateAddress: true,
});

/** Adds the district and connects it at this moment. */
export async function connectDistrict(
  context: CommandContext,
  addresses: Addresses,
  sealingKey: SealingKey,
  moment: Temporal.Instant,
): Promise<District> {
  const { pool } = context.database;
  const district = await addDistrict(pool, demoDistrict, toConnection(addresses), sealingKey);
  await withSetupContext(context, addresses, sealingKey, moment, async (setup) =>
    workAt(pool, district.id, moment, async () => connect(setup, district, addresses)),
  );
  return district;
}

async function connect(
  context: SetupContext,
  district: District,
  addresses: Addresses,
): Promise<void> {
  const { pool } = context;
  const moment = context.now();
  const opened = await transaction(pool, async (client) =>
    openRequest(client, {
      districtId: district.id,
      channel: 'button',
      requestedBy: demoPeople.administrator.email,
      requestedAt: moment.subtract({ hours: 26 }),
    }),
  );
  const [customer] = (await context.partner?.listSkywardDistricts()) ?? [];
  if (customer === undefined) throw new Error('The sandbox lists no district');
  const { customerId } = customer;
  const { timeZone } = district;
  let seen: RequestVersion = opened.request;
  seen = getDone(await verifyRequest(context, seen, { customerId, expectedKey: null, timeZone }));
  seen = getDone(await enterCredentials(context, seen, toConnection(addresses)));
  seen = getDone(await completeRequest(context, seen));
  await recordConfirmation(context, district.id, seen.id);
}

/** Lends what a technician's steps need, at this moment. */
export async function withSetupContext(
  { database: { pool }, settings: { vendor } }: CommandContext,
  addresses: Addresses,
  sealingKey: SealingKey,
  moment: Temporal.Instant,
  work: (context: SetupContext) => Promise<void>,
): Promise<void> {
  const partner = createPartnerClient({
    url: addresses.partnerUrl,
    token: addresses.partnerToken,
    rules: { allowPrivateAddresses: true },
    userAgent: vendor.userAgent,
  });
  const context: SetupContext = {
    pool,
    sealingKey,
    partner,
    neededObjects: neededObjects(),
    allowPrivateAddress: true,
    checkConnection: createConnectionCheck(vendor),
    now: () => moment,
  };
  try {
    await work(context);
  } finally {
    await partner.close();
  }
}

function getDone(outcome: StepOutcome) {
  if (outcome.kind === 'done') return outcome.request;
  throw new Error(`The demo could not connect its district: ${outcome.kind}`);
}

/** Stores the sandbox's address if it has changed, since another program uses its last port. */
export async function followSandbox(
  { database: { pool } }: CommandContext,
  district: District,
  addresses: Addresses,
  sealingKey: SealingKey,
): Promise<void> {
  if (district.baseUrl === addresses.baseUrl) return;
  await setConnection(pool, district.id, toConnection(addresses), sealingKey);
}
