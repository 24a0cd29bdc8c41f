/** Opens a session for an account that proved itself otherwise than by a password; not reachable over HTTP. */
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import type { BetterAuthPlugin } from 'better-auth/types';
import { z } from 'zod';

/** How a session was opened. */
export type SignedInBy = 'password' | 'single-sign-on';

const Body = z.object({
  accountId: z.string(),
  signedInBy: z.enum(['password', 'single-sign-on']),
});

/** A plugin whose one endpoint makes a session and its cookie, for our own code alone. */
export const sessionOpening = () =>
  ({
    id: 'session-opening',
    endpoints: {
      openSession: createAuthEndpoint.serverOnly(
        { method: 'POST', body: Body },
        async (context) => {
          const { accountId, signedInBy } = context.body;
          const { internalAdapter } = context.context;
          const user = await internalAdapter.findUserById(accountId);
          if (!user) throw new Error('The account of the session is gone.');
          const session = await internalAdapter.createSession(accountId, false, { signedInBy });
          await setSessionCookie(context, { session, user });
          return { opened: true };
        },
      ),
    },
  }) satisfies BetterAuthPlugin;
