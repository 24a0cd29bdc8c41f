/** Requests that the page of another site makes a browser send, with the cookies of somebody who is signed in. */
import { each, type Family } from './attack.ts';
import { codeOf, publicUrl } from './http-client.ts';
import { districtPath } from './callers.ts';

/** Headers of a browser on another site's page. */
const foreign: readonly Readonly<Record<string, string>>[] = [
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
  async attack(target, tries) {
    const caller = await target.newPerson('administrator', 'b');
    const writes = [
      ['PUT', '/api/account/name', { name: 'Changed' }],
      ['POST', `${districtPath('b')}/student-views`, { name: 'x', isShared: true, query: {} }],
      ['DELETE', '/api/session', undefined],
      ['POST', '/api/session', { email: caller.email, password: 'x' }],
    ] as const;
    const rows = foreign.flatMap((headers) => writes.map((write) => ({ headers, write })));
    await each(rows, async ({ headers: { origin, ...others }, write: [method, path, body] }) => {
      const headers = { ...others, ...(origin ? { origin } : { origin: [] }) };
      for (const type of ['application/json', 'text/plain']) {
        const answer = await target.ask(caller, {
          method,
          path,
          body,
          headers: { ...headers, 'content-type': type },
        });
        tries.note(
          `${caller.kind}, ${method} ${path} as ${type} with ${JSON.stringify(headers)}`,
          answer.status !== 403 && `answered ${answer.status} ${codeOf(answer)}`,
        );
      }
    });
    // What a page of another site asks for in passing: a picture, a script, a frame.
    for (const destination of ['image', 'script', 'iframe', 'empty'])
      for (const path of ['/api/session', `${districtPath('b')}/students.csv`]) {
        const answer = await target.ask(caller, {
          path,
          headers: {
            'sec-fetch-site': 'cross-site',
            'sec-fetch-mode': destination === 'iframe' ? 'navigate' : 'no-cors',
            'sec-fetch-dest': destination,
          },
        });
        tries.note(
          `GET ${path} as ${destination} of another site`,
          answer.status !== 403 && `answered ${answer.status}`,
        );
      }
    await each(['GET', 'OPTIONS', 'POST'], async (method) => {
      const answer = await target.ask(caller, {
        method,
        path: '/api/session',
        headers: {
          origin: 'https://evil.example',
          'access-control-request-method': 'PUT',
          'access-control-request-headers': 'content-type',
        },
      });
      const allowing = Object.keys(answer.headers).filter((name) =>
        name.startsWith('access-control'),
      );
      tries.note(
        `${method} /api/session of another site`,
        allowing.length > 0 && `allows ${allowing.join(', ')}`,
      );
    });
    const opened = await target.signIn(caller.email);
    for (const cookie of opened.headers['set-cookie'] ?? [])
      for (const needed of ['HttpOnly', 'SameSite=Lax', 'Secure', 'Path=/'])
        tries.note(
          `cookie ${cookie.split('=')[0]}`,
          !cookie.includes(needed) && `has no ${needed}`,
        );
    const still = await target.ask(caller, { path: '/api/session' });
    tries.note('after requests of other sites', still.status !== 200 && 'somebody was signed out');
  },
};
