/** The technician's steps from a request to a connected district (R19 to R21, R28, R29). */
import type pg from 'pg';

import {
  connectionFindings,
  type Finding,
  type NeededObject,
  verifyAccess,
} from './access-verification.ts';
import type { ConnectionCheck } from './connection-check.ts';
import { type ConnectionSettings, findKeptChoices, storeConnection } from './district.ts';
import type { PartnerInterface } from './partner-interface.ts';
import type { SealedPlace } from './resealing.ts';
import { openSecret, type SealingKey, sealSecret } from './sealed-secret.ts';
import {
  findRequest,
  type KeptVerification,
  readSealedSecret,
  type RequestVersion,
  type StepOutcome,
  takeStep,
} from './setup-requests.ts';
import { stateAfterVerify } from './setup-state.ts';

/** What the steps work with. */
export interface SetupDesk {
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
export class SetupFault extends Error {
  override readonly name = 'SetupFault';
  readonly code: 'partner-not-set-up' | 'customer-unknown' | 'nothing-verified' | 'key-changed';
  readonly advice: string;
  constructor(code: SetupFault['code'], message: string, advice: string) {
    super(message);
    this.code = code;
    this.advice = advice;
  }
}

/** A night that runs while the secret changes can still renew its token. */
const formerSecretSeconds = 24 * 60 * 60;

const waitingSecret = (districtId: number) =>
  `skyward client secret being set up for district ${districtId}`;

/** Where secrets lie that wait for Complete. */
export const waitingSecrets: SealedPlace = {
  table: 'setup_requests',
  column: 'client_secret_sealed',
  purpose: waitingSecret,
};

/**
 * Looks at the district's record at Skyward's vendor side and keeps what is missing (R19). Where key and secret are
 * known already, Skyward itself is asked with them as well.
 */
export async function verifyRequest(
  desk: SetupDesk,
  seen: RequestVersion,
  given: {
    readonly customerId: string;
    readonly expectedKey: string | null;
    readonly timeZone: string;
  },
): Promise<StepOutcome> {
  const partner = partnerOf(desk);
  const customer = (await partner.listCustomers()).find(
    (one) => one.customerId === given.customerId,
  );
  if (customer === undefined) {
    throw new SetupFault(
      'customer-unknown',
      'Skyward does not list this customer any more.',
      'Choose the district again among the customers.',
    );
  }
  const [entities, accesses] = await Promise.all([
    partner.listEntities(customer.customerId),
    partner.listAccesses(customer.customerId),
  ]);
  const now = desk.now();
  const verified = verifyAccess({
    accesses,
    entities,
    neededObjects: desk.neededObjects,
    expectedKey: given.expectedKey,
    today: now.toZonedDateTimeISO(given.timeZone).toPlainDate(),
  });
  const { access } = verified;
  const findings = [...verified.findings, ...(await tryWaitingSecret(desk, seen))];
  const isReady = !findings.some(({ blocks }) => blocks);
  const kept: KeptVerification = {
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
  return takeStep(desk.pool, seen, 'verify', async (_client, { state }) =>
    Promise.resolve({
      state: stateAfterVerify(state, isReady),
      customer_id: customer.customerId,
      expected_key: given.expectedKey,
      access_id: access?.accessId ?? null,
      base_url: customer.apiBaseUrl,
      entity_id: entities.find(({ isDistrictEntity }) => isDistrictEntity)?.entityId ?? null,
      verification: JSON.stringify(kept),
      verified_at: now.toString(),
    }),
  );
}

/** What Skyward answers to key and secret that wait for Complete; nothing where there are none. */
async function tryWaitingSecret(
  desk: SetupDesk,
  { districtId, id }: RequestVersion,
): Promise<readonly Finding[]> {
  const request = await findRequest(desk.pool, districtId, id);
  const sealed = await readSealedSecret(desk.pool, districtId, id);
  if (sealed === null || !request?.clientKey || request.baseUrl === null) return [];
  return connectionFindings(
    await desk.checkConnection({
      baseUrl: request.baseUrl,
      clientKey: request.clientKey,
      clientSecret: openSecret(sealed, waitingSecret(districtId), desk.sealingKey),
      ...(await findKeptChoices(desk.pool, districtId, request.baseUrl)),
      allowPrivateAddress: desk.allowPrivateAddress,
      entityId: request.entityId,
    }),
  );
}

/**
 * Has a secret paired with the verified record's key and keeps it sealed (R20). The request is locked meanwhile,
 * so that two technicians at once generate one secret.
 */
export async function generateSecret(desk: SetupDesk, seen: RequestVersion): Promise<StepOutcome> {
  const partner = partnerOf(desk);
  return takeStep(desk.pool, seen, 'generate-secret', async (_client, request) => {
    const { customerId, accessId, verification } = request;
    if (customerId === null || accessId === null || verification === null) {
      throw new SetupFault(
        'nothing-verified',
        'No Integration Access record has been verified for this request.',
        'Verify first, or enter key and secret by hand.',
      );
    }
    const made = await partner.generateSecret(customerId, accessId, formerSecretSeconds);
    if (made.key !== verification.access?.key) {
      throw new SetupFault(
        'key-changed',
        'The Key of the record was changed in Skyward since it was verified.',
        'Verify again, then generate the secret again.',
      );
    }
    return {
      state: 'secret-generated',
      client_key: made.key,
      client_secret_sealed: sealSecret(
        made.secret,
        waitingSecret(request.districtId),
        desk.sealingKey,
      ),
      secret_at: desk.now().toString(),
    };
  });
}

/** Keeps credentials that came another way. */
export async function enterCredentials(
  desk: SetupDesk,
  seen: RequestVersion,
  given: Pick<ConnectionSettings, 'baseUrl' | 'clientKey' | 'clientSecret' | 'entityId'>,
): Promise<StepOutcome> {
  return takeStep(desk.pool, seen, 'enter-credentials', async (_client, { districtId }) =>
    Promise.resolve({
      state: 'secret-generated',
      base_url: given.baseUrl,
      entity_id: given.entityId,
      client_key: given.clientKey,
      client_secret_sealed: sealSecret(
        given.clientSecret,
        waitingSecret(districtId),
        desk.sealingKey,
      ),
      secret_at: desk.now().toString(),
    }),
  );
}

/** A person has looked in Skyward himself, since there is no partner interface to ask. */
export async function confirmByHand(
  desk: SetupDesk,
  seen: RequestVersion,
  note: string,
): Promise<StepOutcome> {
  return takeStep(desk.pool, seen, 'confirm-by-hand', async () =>
    Promise.resolve({ state: 'verified', note, verified_at: desk.now().toString() }),
  );
}

/** Forgets the secret that waits. It goes on existing in Skyward until another one is generated. */
export async function dropSecret(desk: SetupDesk, seen: RequestVersion): Promise<StepOutcome> {
  return takeStep(desk.pool, seen, 'drop-secret', async (_client, { verification }) =>
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
export async function completeRequest(desk: SetupDesk, seen: RequestVersion): Promise<StepOutcome> {
  return takeStep(desk.pool, seen, 'complete', async (client, request) => {
    const sealed = await readSealedSecret(client, request.districtId, request.id);
    if (sealed === null || request.clientKey === null || request.baseUrl === null) {
      throw new SetupFault(
        'nothing-verified',
        'Address, key and secret are not complete.',
        'Verify and generate the secret, or enter all three by hand.',
      );
    }
    await storeConnection(
      client,
      request.districtId,
      {
        baseUrl: request.baseUrl,
        clientKey: request.clientKey,
        clientSecret: openSecret(sealed, waitingSecret(request.districtId), desk.sealingKey),
        entityId: request.entityId,
        allowPrivateAddress: desk.allowPrivateAddress,
      },
      desk.sealingKey,
    );
    const now = desk.now().toString();
    return {
      state: 'connected',
      client_secret_sealed: null,
      connected_at: now,
      closed_at: now,
    };
  });
}

/** Ends a request without connecting; `note` tells why. */
export async function refuseRequest(
  desk: SetupDesk,
  seen: RequestVersion,
  note: string,
): Promise<StepOutcome> {
  return takeStep(desk.pool, seen, 'refuse', async () =>
    Promise.resolve({
      state: 'refused',
      note,
      client_secret_sealed: null,
      secret_at: null,
      closed_at: desk.now().toString(),
    }),
  );
}

/** Opens a closed request again. The district's connection stays as it is until the next Complete. */
export async function reopenRequest(desk: SetupDesk, seen: RequestVersion): Promise<StepOutcome> {
  const latest = await findRequest(desk.pool, seen.districtId);
  if (latest !== undefined && latest.id !== seen.id && latest.closedAt === null) {
    return { kind: 'conflict', request: latest };
  }
  return takeStep(desk.pool, seen, 'reopen', async () =>
    Promise.resolve({ state: 'requested', closed_at: null, answered_at: null, secret_at: null }),
  );
}

/** Keeps that the confirmation has gone out (R28). */
export async function noteAnswered(desk: SetupDesk, districtId: number, id: number): Promise<void> {
  await desk.pool.query(
    'update setup_requests set answered_at = $3 where district_id = $1 and id = $2',
    [districtId, id, desk.now().toString()],
  );
}

function partnerOf({ partner }: SetupDesk): PartnerInterface {
  if (partner !== undefined) return partner;
  throw new SetupFault(
    'partner-not-set-up',
    "Skyward's partner interface is not set up on this server.",
    'Set DAYBREAK_PARTNER_URL and DAYBREAK_PARTNER_TOKEN, or check the record in Skyward and enter key and secret by hand.',
  );
}
