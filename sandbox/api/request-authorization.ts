/** Authorizes API requests: the access, and the entity that it may see. */
import type { Context as HttpContext } from 'hono';

import type { Access, Accesses } from './access.ts';
import { ApiError } from './api-error.ts';
import type { SwitchValues } from './contract-switches.ts';
import { districtEntityId } from '../district/school-plan.ts';
import type { Store } from '../district/store.ts';
import type { OAuth1Checker } from './oauth1.ts';

/** Returns the access of a request by its bearer token or OAuth 1.0a signature. Throws without valid authorization. */
export function authorize(http: HttpContext, accesses: Accesses, oauth1: OAuth1Checker): Access {
  const header = http.req.header('authorization') ?? '';
  if (/^bearer /iu.test(header)) return accesses.findByToken(header.slice(7).trim());
  if (/^oauth /iu.test(header)) {
    const request = { method: http.req.method, url: new URL(http.req.url), header };
    const access = accesses.findUsable(
      oauth1.check(request, (key) => signingSecret(accesses.findUsable(key))),
    );
    if (access.authenticationType === 'OAuth 2.0') {
      throw new ApiError(403, `Integration Access '${access.name}' allows OAuth 2.0 only.`);
    }
    return access;
  }
  if (/^basic /iu.test(header)) {
    throw new ApiError(401, 'Basic authentication is no longer supported; request a token first.');
  }
  throw new ApiError(401, 'The request has no authorization.');
}

/** Returns the plain secret for OAuth 1.0a; of generated ones there is only a hash. */
function signingSecret({ name, secret }: Access): string {
  if (secret !== null) return secret;
  throw new ApiError(401, `Integration Access '${name}' has no secret for OAuth 1.0a signatures.`);
}

/** Returns the entity of a path segment. Throws if it is unknown or the access lacks it. */
export function findEntity(
  store: Store,
  switches: SwitchValues,
  access: Access,
  segment: string,
): number {
  const entityId = /^\d+$/u.test(segment) ? Number(segment) : undefined;
  const pickRule = switches['entity-picker'];
  if (entityId === districtEntityId && (pickRule === 'refused-403' || pickRule === 'refused-404')) {
    throw new ApiError(pickRule === 'refused-403' ? 403 : 404, 'The entity was not selected.');
  }
  if (entityId === undefined || store.table('District/Entity').findRow(entityId) === undefined) {
    throw new ApiError(404, `Entity '${segment}' does not exist.`);
  }
  if (access.entities !== 'all' && !access.entities.has(entityId)) {
    throw new ApiError(403, `The Integration Access was not granted the entity ${entityId}.`, {
      entity: entityId,
    });
  }
  return entityId;
}
