/** Decides whether a caller may use an endpoint: signed in, of a role that it names, in their own district. */
import type { Context } from 'hono';

import type { User } from '../accounts/accounts.ts';
import { belongsToDistrict, type Endpoint, isOwnAccount } from '../contract/endpoint.ts';
import { ApiError, notFound } from './api-error.ts';
import { auditDenial, type DistrictCall, openDistrict } from './district-call.ts';
import type { ApiEnvironment, ApiOptions } from './server/api-environment.ts';

/** The caller of an endpoint, and the district of its path. */
export interface AuthorizedCall {
  readonly user?: User;
  readonly district?: DistrictCall;
}

/**
 * Denies by default: only the roles that the endpoint names are allowed, in their own district. Others get a 404,
 * and the attempt is recorded in the audit trail.
 */
export async function authorize(
  context: Context<ApiEnvironment>,
  options: ApiOptions,
  endpoint: Endpoint,
): Promise<AuthorizedCall> {
  const { accounts, rateLimits } = options;
  if (endpoint.access === 'public') {
    rateLimits.countCaller(endpoint, context.var.address, accounts.findDevice(context.req.raw));
    return {};
  }
  const caller = await accounts.findCaller(context.req.raw.headers);
  if (caller === undefined) {
    throw new ApiError('not-signed-in', 'You are not signed in, or your session has ended.', {
      advice: 'Sign in and try again.',
    });
  }
  const { user, cookies } = caller;
  context.set('user', user);
  context.set('caller', caller);
  for (const cookie of cookies) context.header('set-cookie', cookie, { append: true });
  rateLimits.countUser(endpoint, user);
  if (!endpoint.access.includes(user.role)) {
    await auditDenial(user, context);
    throw notFound();
  }
  rateLimits.countDistrict(endpoint, user);
  if (caller.needsTwoFactor && !isOwnAccount(endpoint)) {
    throw new ApiError(
      'two-factor-required',
      'Your role requires two-step verification, and it is not set up yet.',
      { advice: 'Set it up in your account first.' },
    );
  }
  const district = belongsToDistrict(endpoint)
    ? await openDistrict(options, user, context)
    : undefined;
  if (endpoint.requiresReauthentication === true && !caller.isRecentlyAuthenticated) {
    throw new ApiError('reauthentication-required', 'Please confirm your identity.', {
      advice:
        'Send your password, and your code if you use two-step verification, to POST /api/session/reauthentication; then try again within five minutes.',
    });
  }
  return { user, ...(district && { district }) };
}
