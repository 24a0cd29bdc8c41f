/** Single sign-on: to a district's provider and back, and its settings. */
import type { Context } from 'hono';

import {
  type SingleSignOnProblem,
  singleSignOnApi,
} from '../../contract/accounts/single-sign-on.ts';
import { ApiError } from '../api-error.ts';
import type { ApiEnvironment } from '../server/api-environment.ts';
import { clientAddress } from '../district-call.ts';
import type { RouteContext } from '../route.ts';
import { addCookies, auditSignIn } from './session-routes.ts';

type ApiContext = Context<ApiEnvironment>;

/** Adds /api/single-sign-on and the settings of a district. */
export function addSingleSignOnRoutes({ route, options }: RouteContext): void {
  const { singleSignOn } = options.accounts;

  route(singleSignOnApi.getSingleSignOnOffer, async ({ query }) => ({
    district: (await singleSignOn.offerFor(query.domain)) ?? null,
  }));

  route(singleSignOnApi.startSingleSignOn, async ({ query, context }) => {
    const { domain, next = '/', fresh } = query;
    const reauthenticates = fresh && (await options.accounts.findCaller(context.req.raw.headers));
    if (fresh && reauthenticates === undefined) return toSignIn(context, 'expired', next);
    const outcome = await singleSignOn.start(
      { domain, next, ...(reauthenticates && { reauthenticates }) },
      toOrigin(context),
    );
    if (outcome.kind === 'refused') return toSignIn(context, outcome.problem, next);
    addCookies(context, outcome.cookies);
    return context.redirect(outcome.address);
  });

  route(singleSignOnApi.finishSingleSignOn, async ({ params, query, context }) => {
    const outcome = await singleSignOn.finish({ ...query, ...params }, toOrigin(context));
    if (outcome.kind === 'refused') {
      const { problem, districtId, user, reason, started } = outcome;
      // Nothing is recorded without a start of ours, since anyone can call this address without limit.
      if (districtId === undefined) return toSignIn(context, problem);
      if (reason !== undefined) options.log.warn({ part: 'single-sign-on', districtId }, reason);
      const action =
        started?.isReauthentication === true ? 'reauthentication-failed' : 'sign-in-failed';
      const detail = { by: 'single-sign-on', reason: problem };
      await auditSignIn(options, context, action, user, detail, districtId);
      return toSignIn(context, problem, started?.next);
    }
    addCookies(context, outcome.cookies);
    const isNew = outcome.kind === 'signed-in' && outcome.isNew;
    const detail = { by: 'single-sign-on', ...(isNew && { isNew }) };
    const action = outcome.kind === 'proven' ? 'reauthenticated' : 'signed-in';
    await auditSignIn(options, context, action, outcome.user, detail);
    return context.redirect(outcome.next);
  });

  route(singleSignOnApi.getSingleSignOnSettings, async ({ district, context }) => {
    const settings = await singleSignOn.readSettings(district.id);
    return {
      settings:
        settings === undefined
          ? null
          : { ...settings, newAccounts: settings.newAccounts && toCopy(settings.newAccounts) },
      redirectAddress: singleSignOn.redirectAddress(district.id, context.req.raw),
    };
  });

  route(singleSignOnApi.setSingleSignOnSettings, async ({ district, body, user, context }) => {
    const isTried = user.districtId === null || context.var.caller.signedInBy === 'single-sign-on';
    if (body.isEnabled && body.isRequired && !isTried) {
      throw new ApiError('not-possible', 'You are signed in by password.', {
        field: 'isRequired',
        advice:
          'Save single sign-on without this, sign in with your district, and then turn it on, so that a provider that does not work locks nobody out.',
      });
    }
    const outcome = await singleSignOn.storeSettings(district.id, body);
    if (outcome.kind === 'invalid') {
      throw new ApiError('bad-request', outcome.message, {
        field: outcome.field,
        advice: 'Correct it and save again; nothing was saved.',
      });
    }
    const { issuer, isEnabled, isRequired } = body;
    await district.audit({
      action: 'single-sign-on-changed',
      detail: { issuer, isEnabled, isRequired },
    });
    return { done: true as const };
  });
}

const toOrigin = (context: ApiContext) => ({
  request: context.req.raw,
  address: clientAddress(context),
});

const toCopy = <Rule extends { readonly schools: readonly number[] | null }>(rule: Rule) => ({
  ...rule,
  schools: rule.schools && [...rule.schools],
});

/** Redirects to the sign-in page, which explains the problem and then continues to the requested page. */
function toSignIn(context: ApiContext, problem: SingleSignOnProblem, next = '/'): Response {
  const search = new URLSearchParams({ problem, ...(next !== '/' && { next }) });
  return context.redirect(`/sign-in?${search.toString()}`);
}
