/** Routes of the library that keeps sessions: none of them may be reached. */
import { each, type Family } from './attack.ts';

const names = [
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
  async attack(target, tries) {
    const caller = target.caller('read-only of b');
    const rows = names.flatMap((name) =>
      ['/api/auth', '/api', '/auth', ''].flatMap((base) =>
        (['GET', 'POST'] as const).map((method) => ({ method, path: `${base}/${name}` })),
      ),
    );
    await each(tries.sample(rows, 60), async ({ method, path }) => {
      const answer = await target.ask(caller, {
        method,
        path,
        ...(method === 'POST' && { body: {} }),
      });
      // Outside of the API every path is a page of the web app.
      const isPage = answer.headers['content-type']?.startsWith('text/html') === true;
      tries.note(
        `${caller.kind}, ${method} ${path}`,
        answer.status < 400 && !isPage && `answered ${answer.status} ${answer.text.slice(0, 80)}`,
      );
    });
  },
};
