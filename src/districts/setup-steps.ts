/** The technician's steps from a request to a connected district (R19 to R21, R28, R29). */
import type pg from 'pg';

import {
  connectionFindings,
  type Finding,
  type NeededObject,
  verifyAccess,
} from './access-verification.ts';
import type { ConnectionCheck } from './connection-check-port.ts';
import { type ConnectionSettings, findStoredChoices, storeConnection } from './district.ts';
import type { PartnerInterface } from './partner-interface.ts';
import type { SealedColumn } from './resealing.ts';
import { openSecret, type SealingKey, sealSecret } from './sealed-secret.ts';
import {
  findRequest,
  type StoredVerification,
  readSealedSecret,
  type RequestVersion,
  type StepOutcome,
  takeStep,
} from './setup-requests.ts';
import { stateAfterVerify } from './setup-state.ts';

/** The dependencies of the steps. */
export interface SetupContext {
  readonly pool: pg.Pool;
  readonly sealingKey: SealingKey;
  /** Undefined: there is no partner interface, so secrets are entered manually. */
  readonly partner: PartnerInterface | undefined;
  readonly neededObjects: readonly NeededObject[];
  /** Allows connections to private addresses, such as the sandbox on this machine. */
  readonly allowPrivateAddress: boolean;
  /** Tests an address, a key and a secret with Skyward. */
  readonly checkConnection: ConnectionCheck;
  readonly now: () => Temporal.Instant;
}

/** A step cannot be taken in the present situation. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
  readonly code: 'partner-not-set-up' | 'customer-unknown' | 'nothing-verified' | 'key-changed';
  readonly advice: string;
  constructor(code: SetupError['code'], message: string, advice: string) {
    super(message);
    this.code = code;
    this.advice = advice;
  }
}

/** An import that is running while the secret changes can still renew its token. */
const formerSecretSeconds = 24 * 60 * 60;

const pendingSecretPurpose = (districtId: number) =>
  `skyward client secret being set up for district ${districtId}`;

/** The column with sealed secrets of requests that are not completed yet. */
export const pendingSecrets: SealedColumn = {
  table: 'setup_requests',
  column: 'client_secret_sealed',
  purpose: pendingSecretPurpose,
};

/**
 * Checks the district's record through the partner interface and stores what is missing (R19). If key and secret are
 * known, they are tested with the district's Skyward as well.
 */
export async function verifyRequest(
  context: SetupContext,
  seen: RequestVersion,
  input: {
    readonly customerId: string;
    readonly expectedKey: string | null;
    readonly timeZone: string;
  },
): Promise<StepOutcome> {
  const partner = requirePartner(context);
  const customer = (await partner.listSkywardDistricts()).find(
    (one) => one.customerId === input.customerId,
  );
  if (customer === undefined) {
    throw new SetupError(
      'customer-unknown',
      'Skyward no longer lists this district.',
      'Select the Skyward district again.',
    );
  }
  const [entities, accesses] = await Promise.all([
    partner.listEntities(customer.customerId),
    partner.listAccesses(customer.customerId),
  ]);
  const now = context.now();
  const verified = verifyAccess({
    accesses,
    entities,
    neededObjects: context.neededObjects,
    expectedKey: input.expectedKey,
    today: now.toZonedDateTimeISO(input.timeZone).toPlainDate(),
  });
  const { access } = verified;
  const findings = [...verified.findings, ...(await checkPendingSecret(context, seen))];
  const isReady = !findings.some(({ blocks }) => blocks);
  const verification: StoredVerification = {
    access:
      access === undefined
        ? null
        : {
            accessId: access.accessId,
            name: access.name,
            key: access.key,
            authenticationType: access.authenticationType,
            isActive: access.isActive,
            effectiveDate: access.effectiveDate.toString(),
            expirationDate: access.expirationDate?.toString() ?? null,
            entities: access.entities.map(({ entityId, name }) => ({ entityId, name })),
          },
    findings,
  };
  return takeStep(context.pool, seen, 'verify', async (_client, { state }) =>
    Promise.resolve({
      state: stateAfterVerify(state, isReady),
      customer_id: customer.customerId,
      expected_key: input.expectedKey,
      access_id: access?.accessId ?? null,
      base_url: customer.apiBaseUrl,
      entity_id: entities.find(({ isDistrictEntity }) => isDistrictEntity)?.entityId ?? null,
      verification: JSON.stringify(verification),
      verified_at: now.toString(),
    }),
  );
}

/** Tests the key and secret of a request that is not completed yet. Returns no findings if there are none. */
async function checkPendingSecret(
  context: SetupContext,
  { districtId, id }: RequestVersion,
): Promise<readonly Finding[]> {
  const request = await findRequest(context.pool, districtId, id);
  const sealed = await readSealedSecret(context.pool, districtId, id);
  if (sealed === null || !request?.clientKey || request.baseUrl === null) return [];
  return connectionFindings(
    await context.checkConnection({
      baseUrl: request.baseUrl,
      clientKey: request.clientKey,
      clientSecret: openSecret(sealed, pendingSecretPurpose(districtId), context.sealingKey),
      ...(await findStoredChoices(context.pool, districtId, request.baseUrl)),
      allowPrivateAddress: context.allowPrivateAddress,
      entityId: request.entityId,
    }),
  );
}

/**
 * Generates a secret for the verified record's key and stores it sealed (R20). The request is locked meanwhile,
 * so that two technicians at the same moment generate one secret.
 */
export async function generateSecret(
  context: SetupContext,
  seen: RequestVersion,
): Promise<StepOutcome> {
  const partner = requirePartner(context);
  return takeStep(context.pool, seen, 'generate-secret', async (_client, request) => {
    const { customerId, accessId, verification } = request;
    if (customerId === null || accessId === null || verification === null) {
      throw new SetupError(
        'nothing-verified',
        'No Integration Access record has been verified for this request.',
        'Verify first, or enter key and secret manually.',
      );
    }
    const generated = await partner.generateSecret(customerId, accessId, formerSecretSeconds);
    if (generated.key !== verification.access?.key) {
      throw new SetupError(
        'key-changed',
        'The Key of the record was changed in Skyward after Verify.',
        'Verify again, then generate the secret again.',
      );
    }
    return {
      state: 'secret-generated',
      client_key: generated.key,
      client_secret_sealed: sealSecret(
        generated.secret,
        pendingSecretPurpose(request.districtId),
        context.sealingKey,
      ),
      secret_at: context.now().toString(),
    };
  });
}

/** Stores credentials that were entered manually. */
export async function enterCredentials(
  context: SetupContext,
  seen: RequestVersion,
  input: Pick<ConnectionSettings, 'baseUrl' | 'clientKey' | 'clientSecret' | 'entityId'>,
): Promise<StepOutcome> {
  return takeStep(context.pool, seen, 'enter-credentials', async (_client, { districtId }) =>
    Promise.resolve({
      state: 'secret-generated',
      base_url: input.baseUrl,
      entity_id: input.entityId,
      client_key: input.clientKey,
      client_secret_sealed: sealSecret(
        input.clientSecret,
        pendingSecretPurpose(districtId),
        context.sealingKey,
      ),
      secret_at: context.now().toString(),
    }),
  );
}

/** Marks a request as verified by a technician who checked the record in Skyward. */
export async function confirmManually(
  context: SetupContext,
  seen: RequestVersion,
  note: string,
): Promise<StepOutcome> {
  return takeStep(context.pool, seen, 'confirm-manually', async () =>
    Promise.resolve({ state: 'verified', note, verified_at: context.now().toString() }),
  );
}

/** Removes the stored secret. It stays valid in Skyward until another one is generated. */
export async function discardSecret(
  context: SetupContext,
  seen: RequestVersion,
): Promise<StepOutcome> {
  return takeStep(context.pool, seen, 'discard-secret', async (_client, { verification }) =>
    Promise.resolve({
      state: verification === null ? 'requested' : 'verified',
      client_secret_sealed: null,
      secret_at: null,
    }),
  );
}

/**
 * Stores the credentials as the district's connection, so that they appear on District Information (R21) and
 * imports use them. The secret is moved: afterwards the request has none.
 */
export async function completeRequest(
  context: SetupContext,
  seen: RequestVersion,
): Promise<StepOutcome> {
  return takeStep(context.pool, seen, 'complete', async (client, request) => {
    const sealed = await readSealedSecret(client, request.districtId, request.id);
    if (sealed === null || request.clientKey === null || request.baseUrl === null) {
      throw new SetupError(
        'nothing-verified',
        'Address, key or secret is missing.',
        'Verify and generate the secret, or enter all three manually.',
      );
    }
    const { integrationTokenName } = await findStoredChoices(
      client,
      request.districtId,
      request.baseUrl,
      'for update',
    );
    await storeConnection(
      client,
      request.districtId,
      {
        baseUrl: request.baseUrl,
        clientKey: request.clientKey,
        clientSecret: openSecret(
          sealed,
          pendingSecretPurpose(request.districtId),
          context.sealingKey,
        ),
        entityId: request.entityId,
        integrationTokenName,
        allowPrivateAddress: context.allowPrivateAddress,
      },
      context.sealingKey,
    );
    const now = context.now().toString();
    return {
      state: 'connected',
      client_secret_sealed: null,
      connected_at: now,
      closed_at: now,
    };
  });
}

/** Closes a request without connecting; `note` is the reason. */
export async function declineRequest(
  context: SetupContext,
  seen: RequestVersion,
  note: string,
): Promise<StepOutcome> {
  return takeStep(context.pool, seen, 'decline', async () =>
    Promise.resolve({
      state: 'declined',
      note,
      client_secret_sealed: null,
      secret_at: null,
      closed_at: context.now().toString(),
    }),
  );
}

/** Reopens a closed request. The district's connection is unchanged until the next Complete. */
export async function reopenRequest(
  context: SetupContext,
  seen: RequestVersion,
): Promise<StepOutcome> {
  const latest = await findRequest(context.pool, seen.districtId);
  if (latest !== undefined && latest.id !== seen.id && latest.closedAt === null) {
    return { kind: 'conflict', request: latest };
  }
  return takeStep(context.pool, seen, 'reopen', async () =>
    Promise.resolve({ state: 'requested', closed_at: null, answered_at: null, secret_at: null }),
  );
}

/** Records that the confirmation was sent (R28). */
export async function recordConfirmation(
  context: SetupContext,
  districtId: number,
  id: number,
): Promise<void> {
  await context.pool.query(
    'update setup_requests set answered_at = $3 where district_id = $1 and id = $2',
    [districtId, id, context.now().toString()],
  );
}

function requirePartner({ partner }: SetupContext): PartnerInterface {
  if (partner !== undefined) return partner;
  throw new SetupError(
    'partner-not-set-up',
    "Skyward's partner interface is not set up on this server.",
    'Set DAYBREAK_PARTNER_URL and DAYBREAK_PARTNER_TOKEN, or check the record in Skyward and enter key and secret manually.',
  );
}
