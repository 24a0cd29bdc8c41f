/**
 * Requests to routes of the authentication library, none of which may be reachable.
 *
 * This folder attacks sign-in, sessions, invitations and single sign-on.
 */
import { forEachConcurrent, type Family } from '../attack.ts';

const routes = [
  'sign-up/email',
  'sign-in/email',
  'sign-in/social',
  'sign-out',
  'get-session',
  'list-sessions',
  'revoke-session',
  'revoke-sessions',
  'revoke-other-sessions',
  'update-user',
  'delete-user',
  'change-email',
  'change-password',
  'set-password',
  'forget-password',
  'request-password-reset',
  'reset-password',
  'reset-password/x',
  'verify-email',
  'send-verification-email',
  'list-accounts',
  'link-social',
  'unlink-account',
  'refresh-token',
  'get-access-token',
  'account-info',
  'callback/x',
  'error',
  'ok',
  'two-factor/enable',
  'two-factor/disable',
  'two-factor/verify-totp',
  'two-factor/generate-backup-codes',
  'two-factor/view-backup-codes',
  'two-factor/get-totp-uri',
  'admin/list-users',
  'admin/set-role',
  'admin/impersonate-user',
];

export const libraryRoutesFamily: Family = {
  name: 'library routes',
  isQuick: true,
  async attack(target, attempts) {
    const caller = target.caller('read-only of b');
    const rows = routes.flatMap((name) =>
      ['/api/auth', '/api', '/auth', ''].flatMap((base) =>
        (['GET', 'POST'] as const).map((method) => ({ method, path: `${base}/${name}` })),
      ),
    );
    await forEachConcurrent(attempts.sample(rows, 60), async ({ method, path }) => {
      const response = await target.send(caller, {
        method,
        path,
        ...(method === 'POST' && { body: {} }),
      });
      // Outside of the API, every path returns the web app.
      const isPage = response.headers['content-type']?.startsWith('text/html') === true;
      attempts.record(
        `${caller.kind}, ${method} ${path}`,
        response.status < 400 && !isPage && `got ${response.status} ${response.text.slice(0, 80)}`,
      );
    });
  },
};
