/** Cross-site requests, which a page of another site makes a browser send with a signed-in user's cookies. */
import { forEachConcurrent, type Family } from '../attack.ts';
import { findErrorCode, publicUrl } from '../target/http-client.ts';
import { districtPath } from '../target/callers.ts';

/** Headers that a browser sends from a page of another site. */
const foreignHeaders: readonly Readonly<Record<string, string>>[] = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: `${publicUrl}.evil.example` },
  { origin: 'https://evil-iep.example' },
  { origin: `${publicUrl}:444` },
  { origin: publicUrl.replace('https:', 'http:') },
  { origin: 'https://evil.iep.example' },
  { origin: `${publicUrl}@evil.example` },
  { origin: '', 'sec-fetch-site': 'cross-site' },
  { origin: '', 'sec-fetch-site': 'same-site' },
  { origin: publicUrl, 'sec-fetch-site': 'cross-site' },
  { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
  { origin: 'https://evil.example', host: 'evil.example' },
  { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
];

export const crossSiteFamily: Family = {
  name: 'cross-site',
  isQuick: true,
  async attack(target, attempts) {
    const caller = await target.createUser('administrator', 'b');
    const writes = [
      ['PUT', '/api/account/name', { name: 'Changed' }],
      ['POST', `${districtPath('b')}/student-views`, { name: 'x', isShared: true, query: {} }],
      ['DELETE', '/api/session', undefined],
      ['POST', '/api/session', { email: caller.email, password: 'x' }],
    ] as const;
    const rows = foreignHeaders.flatMap((headers) => writes.map((write) => ({ headers, write })));
    await forEachConcurrent(
      rows,
      async ({ headers: { origin, ...others }, write: [method, path, body] }) => {
        const headers = { ...others, ...(origin ? { origin } : { origin: [] }) };
        for (const type of ['application/json', 'text/plain']) {
          const response = await target.send(caller, {
            method,
            path,
            body,
            headers: { ...headers, 'content-type': type },
          });
          attempts.record(
            `${caller.kind}, ${method} ${path} as ${type} with ${JSON.stringify(headers)}`,
            response.status !== 403 && `got ${response.status} ${findErrorCode(response)}`,
          );
        }
      },
    );
    // Resources that a page of another site embeds: an image, a script, a frame.
    for (const destination of ['image', 'script', 'iframe', 'empty'])
      for (const path of ['/api/session', `${districtPath('b')}/students.csv`]) {
        const response = await target.send(caller, {
          path,
          headers: {
            'sec-fetch-site': 'cross-site',
            'sec-fetch-mode': destination === 'iframe' ? 'navigate' : 'no-cors',
            'sec-fetch-dest': destination,
          },
        });
        attempts.record(
          `GET ${path} as ${destination} of another site`,
          response.status !== 403 && `got ${response.status}`,
        );
      }
    await forEachConcurrent(['GET', 'OPTIONS', 'POST'], async (method) => {
      const response = await target.send(caller, {
        method,
        path: '/api/session',
        headers: {
          origin: 'https://evil.example',
          'access-control-request-method': 'PUT',
          'access-control-request-headers': 'content-type',
        },
      });
      const allowing = Object.keys(response.headers).filter((name) =>
        name.startsWith('access-control'),
      );
      attempts.record(
        `${method} /api/session of another site`,
        allowing.length > 0 && `allows ${allowing.join(', ')}`,
      );
    });
    const signedIn = await target.signIn(caller.email);
    for (const cookie of signedIn.headers['set-cookie'] ?? [])
      for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Secure', 'Path=/'])
        attempts.record(
          `cookie ${cookie.split('=')[0]}`,
          !cookie.includes(attribute) && `has no ${attribute}`,
        );
    const session = await target.send(caller, { path: '/api/session' });
    attempts.record(
      'after requests of other sites',
      session.status !== 200 && 'the user was signed out',
    );
  },
};
