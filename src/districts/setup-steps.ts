/** The technician's steps from a request to a connected district (R19 to R21, R28, R29). */
import type pg from 'pg';

import {
  connectionFindings,
  type Finding,
  type NeededObject,
  verifyAccess,
} from './access-verification.ts';
import type { ConnectionCheck } from './connection-check.ts';
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

/** What the steps work with. */
export interface SetupContext {
  readonly pool: pg.Pool;
  readonly sealingKey: SealingKey;
  /** Undefined: secrets come another way and are typed in. */
  readonly partner: PartnerInterface | undefined;
  readonly neededObjects: readonly NeededObject[];
  /** Private addresses may be connected to: the practice Skyward on this machine. */
  readonly allowPrivateAddress: boolean;
  /** Asks Skyward with an address, a key and a secret. */
  readonly checkConnection: ConnectionCheck;
  readonly now: () => Temporal.Instant;
}

/** A step that cannot be taken as things are. */
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

/** A night that runs while the secret changes can still renew its token. */
const formerSecretSeconds = 24 * 60 * 60;

const pendingSecretPurpose = (districtId: number) =>
  `skyward client secret being set up for district ${districtId}`;

/** Where secrets lie that wait for Complete. */
export const pendingSecrets: SealedColumn = {
  table: 'setup_requests',
  column: 'client_secret_sealed',
  purpose: pendingSecretPurpose,
};

/**
 * Looks at the district's record at Skyward's vendor side and keeps what is missing (R19). Where key and secret are
 * known already, Skyward itself is asked with them as well.
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
      'Skyward does not list this customer any more.',
      'Choose the district again among the customers.',
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

/** What Skyward answers to key and secret that wait for Complete; nothing where there are none. */
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
 * Has a secret paired with the verified record's key and keeps it sealed (R20). The request is locked meanwhile,
 * so that two technicians at once generate one secret.
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
        'Verify first, or enter key and secret by hand.',
      );
    }
    const generated = await partner.generateSecret(customerId, accessId, formerSecretSeconds);
    if (generated.key !== verification.access?.key) {
      throw new SetupError(
        'key-changed',
        'The Key of the record was changed in Skyward since it was verified.',
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

/** Keeps credentials that came another way. */
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

/** A person has looked in Skyward himself, since there is no partner interface to ask. */
export async function confirmManually(
  context: SetupContext,
  seen: RequestVersion,
  note: string,
): Promise<StepOutcome> {
  return takeStep(context.pool, seen, 'confirm-manually', async () =>
    Promise.resolve({ state: 'verified', note, verified_at: context.now().toString() }),
  );
}

/** Forgets the secret that waits. It goes on existing in Skyward until another one is generated. */
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
 * Makes the credentials the district's own, so that they appear on District Information (R21) and the nights
 * use them. The secret moves: afterwards the request holds none.
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
        'Address, key and secret are not complete.',
        'Verify and generate the secret, or enter all three by hand.',
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

/** Ends a request without connecting; `note` tells why. */
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

/** Opens a closed request again. The district's connection stays as it is until the next Complete. */
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

/** Keeps that the confirmation has gone out (R28). */
export async function recordResponse(
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
    'Set DAYBREAK_PARTNER_URL and DAYBREAK_PARTNER_TOKEN, or check the record in Skyward and enter key and secret by hand.',
  );
}
