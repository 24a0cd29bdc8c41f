/** Opens a session for an account that authenticated without a password; not reachable over HTTP. */
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import type { BetterAuthPlugin } from 'better-auth/types';
import { z } from 'zod';

const Opened = z.object({
  signedInBy: z.enum(['password', 'single-sign-on']),
  /** The user has just authenticated at the provider, instead of using a session that was open there. */
  isRecentlyAuthenticated: z.boolean(),
});
/** How a session was opened. */
export type SessionOpened = z.infer<typeof Opened>;

const Body = Opened.extend({ accountId: z.string() });

/** Returns a plugin whose endpoint creates a session and its cookie, for our own code only. */
export const sessionOpening = () =>
  ({
    id: 'session-opening',
    endpoints: {
      openSession: createAuthEndpoint.serverOnly(
        { method: 'POST', body: Body },
        async (context) => {
          const { accountId, signedInBy, isRecentlyAuthenticated } = context.body;
          const { internalAdapter } = context.context;
          const user = await internalAdapter.findUserById(accountId);
          if (!user) throw new Error('The account of the session was deleted.');
          const session = await internalAdapter.createSession(accountId, false, {
            signedInBy,
            ...(isRecentlyAuthenticated && { provenAt: new Date() }),
          });
          await setSessionCookie(context, { session, user });
          return { opened: true };
        },
      ),
    },
  }) satisfies BetterAuthPlugin;
