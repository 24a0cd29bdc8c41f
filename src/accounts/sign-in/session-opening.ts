/** Opens a session for an account that proved itself otherwise than by a password; not reachable over HTTP. */
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import type { BetterAuthPlugin } from 'better-auth/types';
import { z } from 'zod';

const Opened = z.object({
  signedInBy: z.enum(['password', 'single-sign-on']),
  /** Who it is was shown this very moment, not by a session that was open already at the provider. */
  isRecentlyAuthenticated: z.boolean(),
});
/** How a session was opened. */
export type SessionOpened = z.infer<typeof Opened>;

const Body = Opened.extend({ accountId: z.string() });

/** A plugin whose one endpoint makes a session and its cookie, for our own code alone. */
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
          if (!user) throw new Error('The account of the session is gone.');
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
