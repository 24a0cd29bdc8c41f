/** Connecting districts: setup requests, the steps of technicians, and mail to support. */
import type { Context } from 'hono';

import type { User } from '../../accounts/accounts.ts';
import { recordAudit } from '../../accounts/audit/audit-trail.ts';
import {
  type SetupRequest as SetupResponse,
  type SetupStepBody,
  setupApi,
} from '../../contract/districts/setup.ts';
import { transaction } from '../../database/transaction.ts';
import { findDistrict } from '../../districts/district.ts';
import type { PartnerInterface } from '../../districts/partner-interface.ts';
import { confirmationMail } from '../../districts/setup-confirmation.ts';
import { replyMail } from '../../districts/support-reply.ts';
import {
  findRequest,
  listRequests,
  openRequest,
  type SetupRequest,
  type StepOutcome,
  takeStep,
} from '../../districts/setup-requests.ts';
import { listSteps } from '../../districts/setup-state.ts';
import {
  completeRequest,
  confirmManually,
  discardSecret,
  enterCredentials,
  generateSecret,
  recordConfirmation,
  declineRequest,
  reopenRequest,
  type SetupContext,
  SetupError,
  verifyRequest,
} from '../../districts/setup-steps.ts';
import {
  listInbox,
  markHandled,
  openRequestFromMail,
  findReplyThread,
  findThread,
} from '../../districts/support-inbox.ts';
import { inboxReasonSentences } from '../../districts/mail-classification.ts';
import { ApiError, found, notFound } from '../api-error.ts';
import type { ApiEnvironment, ApiOptions } from '../server/api-environment.ts';
import { clientAddress, rejectUndeclared } from '../district-call.ts';
import type { RouteContext } from '../route.ts';
import { defaultProductName } from '../../contract/product-name.ts';

/** Adds everything about connecting a district. */
export function addSetupRoutes(routes: RouteContext): void {
  addDistrictSetupRoutes(routes);
  addRequestRoutes(routes);
  addMailRoutes(routes);
}

const toClock = (options: ApiOptions) => options.now ?? (() => Temporal.Now.instant());

function addDistrictSetupRoutes({ route, options }: RouteContext): void {
  const { pool } = options.database;

  route(setupApi.getSetup, async ({ district }) => {
    const request = await findRequest(pool, district.id);
    return { request: request === undefined ? null : toResponse(request) };
  });

  route(setupApi.requestSetup, async ({ district, user }) => {
    const opened = await transaction(pool, async (client) =>
      openRequest(client, {
        districtId: district.id,
        channel: 'button',
        requestedBy: user.email,
        requestedAt: toClock(options)(),
      }),
    );
    if (opened.isNew) await district.audit({ action: 'setup-requested' });
    return { request: toResponse(opened.request), isNew: opened.isNew };
  });
}

function addRequestRoutes({ route, options }: RouteContext): void {
  const { pool } = options.database;

  route(setupApi.listSetupRequests, async ({ query }) => ({
    requests: (await listRequests(pool, query.which ?? 'open')).map(toResponse),
  }));

  route(setupApi.getSetupRequest, async ({ params }) => {
    const request = found(await findRequest(pool, params.districtId, params.id));
    return { request: toResponse(request) };
  });

  route(setupApi.listSkywardDistricts, async () => {
    const customers = await explained(async () => partnerOf(options).listSkywardDistricts());
    return { skywardDistricts: customers.map(({ customerId, name }) => ({ customerId, name })) };
  });

  route(setupApi.takeSetupStep, async ({ params, body, user, context }) => {
    const outcome = await explained(async () => stepOutcome(options, params, body));
    if (outcome.kind === 'not-found') throw notFound();
    if (outcome.kind === 'conflict') {
      throw new ApiError(
        'conflict',
        `This step is no longer possible: the request is ${outcome.request.state}.`,
        { advice: 'Someone else has worked on it. Refresh the page before you continue.' },
      );
    }
    const { request } = outcome;
    await auditStep(options, user, context, request, body.step);
    if (body.step === 'complete') await startFirstImport(options, request, user);
    const needsRenewal = body.step === 'complete' || body.step === 'resend-confirmation';
    const mailProblem = needsRenewal ? await confirm(options, request) : null;
    const now = await findRequest(pool, request.districtId, request.id);
    return { request: toResponse(now ?? request), mailProblem };
  });
}

function addMailRoutes({ route, options }: RouteContext): void {
  const { pool } = options.database;

  route(setupApi.listSupportMails, async ({ query }) => ({
    mails: (await listInbox(pool, query.which ?? 'waiting')).map((mail) => ({
      ...mail,
      from: [...mail.from],
      reason: inboxReason(mail.reason),
      receivedAt: mail.receivedAt.toString(),
      handledAt: mail.handledAt?.toString() ?? null,
    })),
  }));

  route(setupApi.setMailHandled, async ({ params, body, user }) => {
    const by = body.isHandled ? { name: user.name, at: toClock(options)() } : undefined;
    if (!(await markHandled(pool, params, by))) throw notFound();
    return { isHandled: body.isHandled };
  });

  route(setupApi.replyToMail, async ({ params, body, user, context }) => {
    const mail = found(await findReplyThread(pool, params));
    const mailer = options.setup?.mailer;
    if (mailer === undefined) {
      throw new ApiError('not-possible', 'E-mail isn’t set up on this server.', {
        advice: 'Reply with your own mail program.',
      });
    }
    const sent = await mailer.send(
      replyMail(mail, body.text, {
        districtId: params.districtId,
        product: options.productName ?? defaultProductName,
        by: user.name,
      }),
    );
    if (sent.kind === 'failed') {
      throw new ApiError('not-possible', 'The reply could not be sent.', { advice: sent.reason });
    }
    await markHandled(pool, params, { name: user.name, at: toClock(options)() });
    rejectUndeclared(context.var.endpoint, 'support-mail-replied');
    await recordAudit(pool, {
      districtId: params.districtId,
      user,
      action: 'support-mail-replied',
      detail: { to: mail.to, mail: params.id },
      address: clientAddress(context),
      requestId: context.var.requestId,
    });
    return { to: mail.to };
  });

  route(setupApi.openRequestFromMail, async ({ params, body, user, context }) => {
    const outcome = await openRequestFromMail(pool, params, body.domain, {
      name: user.name,
      at: toClock(options)(),
    });
    if (outcome.kind === 'not-found') throw notFound();
    if (outcome.kind === 'no-district') {
      throw new ApiError(
        'not-possible',
        "The mail has no single sender with a district's domain.",
        { advice: 'Select the district.' },
      );
    }
    const { request, isNew } = outcome;
    rejectUndeclared(context.var.endpoint, 'setup-requested');
    await recordAudit(pool, {
      districtId: request.districtId,
      user,
      action: 'setup-requested',
      detail: { mail: params.id },
      address: clientAddress(context),
      requestId: context.var.requestId,
    });
    return { request: toResponse(request), isNew };
  });
}

const inboxReason = (reason: string | null): string | null =>
  Object.entries(inboxReasonSentences).find(([code]) => code === reason)?.[1] ?? reason;

function setupContext(options: ApiOptions): SetupContext {
  if (options.setup === undefined) {
    throw new SetupError(
      'partner-not-set-up',
      'Districts cannot be connected from this server.',
      'Start it with `daybreak serve`.',
    );
  }
  return { ...options.setup, pool: options.database.pool, now: toClock(options) };
}

function partnerOf(options: ApiOptions): PartnerInterface {
  const { partner } = setupContext(options);
  if (partner !== undefined) return partner;
  throw new SetupError(
    'partner-not-set-up',
    "Skyward's partner interface is not set up on this server.",
    'Set DAYBREAK_PARTNER_URL and DAYBREAK_PARTNER_TOKEN, or enter key and secret manually.',
  );
}

/** Turns the errors of setup steps into API errors with the same message. */
async function explained<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const isOurs =
      error instanceof SetupError || (error instanceof Error && error.name === 'PartnerError');
    if (!isOurs) throw error;
    const advice = 'advice' in error && typeof error.advice === 'string' ? error.advice : '';
    throw new ApiError('conflict', error.message, { advice });
  }
}

async function stepOutcome(
  options: ApiOptions,
  params: { readonly districtId: number; readonly id: number },
  body: SetupStepBody,
): Promise<StepOutcome> {
  const setup = setupContext(options);
  const seen = { ...params, version: body.version };
  switch (body.step) {
    case 'verify': {
      const request = await findRequest(setup.pool, params.districtId, params.id);
      if (request === undefined) return { kind: 'not-found' };
      const district = await findDistrict(setup.pool, request.domain);
      return verifyRequest(setup, seen, { ...body, timeZone: district?.timeZone ?? 'UTC' });
    }
    case 'confirm-manually':
      return confirmManually(setup, seen, body.note);
    case 'generate-secret':
      return generateSecret(setup, seen);
    case 'enter-credentials':
      return enterCredentials(setup, seen, body);
    case 'discard-secret':
      return discardSecret(setup, seen);
    case 'complete':
      return completeRequest(setup, seen);
    case 'decline':
      return declineRequest(setup, seen, body.note);
    case 'reopen':
      return reopenRequest(setup, seen);
    case 'resend-confirmation':
    default:
      return takeStep(setup.pool, seen, 'resend-confirmation', async () => Promise.resolve({}));
  }
}

/**
 * Starts the initial import immediately, so that the students are there in the morning (R31). Does nothing if an
 * import is already waiting or running; without a queue the nightly schedule starts it.
 */
async function startFirstImport(
  { imports }: ApiOptions,
  { districtId, domain }: SetupRequest,
  user: User,
): Promise<void> {
  await imports?.send({
    districtId,
    domain,
    isDryRun: false,
    allowsMassChange: false,
    origin: 'person',
    requestedBy: user.name,
  });
}

/** Sends the confirmation; returns why it could not be sent, or null. The step remains done either way. */
async function confirm(options: ApiOptions, request: SetupRequest): Promise<string | null> {
  const mailer = options.setup?.mailer;
  if (mailer === undefined)
    return 'No mail server is set (DAYBREAK_SMTP_URL). Tell the district yourself.';
  const setup = setupContext(options);
  const thread = await findThread(setup.pool, request.districtId, request.id);
  const sent = await mailer.send(
    confirmationMail(request, thread, options.productName ?? defaultProductName),
  );
  if (sent.kind === 'failed') return sent.reason;
  await recordConfirmation(setup, request.districtId, request.id);
  return null;
}

async function auditStep(
  { database }: ApiOptions,
  user: User,
  context: Context<ApiEnvironment>,
  request: SetupRequest,
  step: string,
): Promise<void> {
  rejectUndeclared(context.var.endpoint, 'setup-step-taken');
  await recordAudit(database.pool, {
    districtId: request.districtId,
    user,
    action: 'setup-step-taken',
    detail: { step, state: request.state },
    address: clientAddress(context),
    requestId: context.var.requestId,
  });
}

/** Returns the request as the contract has it: without secrets, instants as text, with the possible steps. */
function toResponse(request: SetupRequest): SetupResponse {
  const { accessId: _access, entityId: _entity, verification, ...shown } = request;
  return {
    ...shown,
    requestedAt: request.requestedAt.toString(),
    verification: verification && {
      access: verification.access && {
        ...verification.access,
        entities: [...verification.access.entities],
      },
      findings: [...verification.findings],
    },
    verifiedAt: request.verifiedAt?.toString() ?? null,
    secretAt: request.secretAt?.toString() ?? null,
    connectedAt: request.connectedAt?.toString() ?? null,
    confirmationSentAt: request.confirmationSentAt?.toString() ?? null,
    closedAt: request.closedAt?.toString() ?? null,
    steps: [...listSteps(request.state)],
  };
}
