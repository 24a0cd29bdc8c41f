/** Checks signatures with the official library and with the function in the guide. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { assert, json, property, uuid } from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';

import { newWebhookSecret, signatureHeaders } from './webhook-signature.ts';

it('the official library accepts a signature of any secret, and nothing that was changed', () => {
  assert(
    property(uuid(), json(), json(), (id, body, other) => {
      const secrets = [newWebhookSecret(), newWebhookSecret()];
      const headers = signatureHeaders({ id, body, at: Temporal.Now.instant() }, secrets);
      for (const secret of secrets) {
        expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
        if (other === body) continue;
        expect(() => new Webhook(secret).verify(other, headers)).toThrow('No matching signature');
      }
    }),
    { numRuns: 50 },
  );
});

it("signs the convention's own example to the letter", () => {
  // From the specification, 1.0: signature scheme, symmetric.
  const headers = signatureHeaders(
    {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      at: Temporal.Instant.fromEpochMilliseconds(1_614_265_330_000),
      body: '{"test": 2432232314}',
    },
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  );
  expect(headers).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

it('the function in the guide accepts our messages only', async () => {
  const guide = await readFile(new URL('../../docs/user-guide.md', import.meta.url), 'utf8');
  const source = /```js\n(.*?isFromSameGoal.*?)```/s.exec(guide)?.[1] ?? '';
  const folder = await mkdtemp(join(tmpdir(), 'daybreak-guide-'));
  try {
    const file = join(folder, 'example.mjs');
    await writeFile(file, source);
    const { isFromSameGoal } = (await import(pathToFileURL(file).href)) as {
      isFromSameGoal: (headers: object, body: string, secret: string) => boolean;
    };
    const [former, secret] = [newWebhookSecret(), newWebhookSecret()];
    const message = { id: 'msg_1', body: '{"type":"webhook.test"}' };
    const at = Temporal.Now.instant();
    const headers = signatureHeaders({ ...message, at }, [secret, former]);
    expect(isFromSameGoal(headers, message.body, secret)).toBe(true);
    expect(isFromSameGoal(headers, message.body, former)).toBe(true);
    expect(isFromSameGoal(headers, message.body, newWebhookSecret())).toBe(false);
    expect(isFromSameGoal(headers, `${message.body} `, secret)).toBe(false);
    const old = signatureHeaders({ ...message, at: at.subtract({ minutes: 6 }) }, [secret]);
    expect(isFromSameGoal(old, message.body, secret)).toBe(false);
    const never = { ...headers, 'webhook-timestamp': 'never', 'webhook-signature': 'v1,' };
    expect(isFromSameGoal(never, message.body, secret)).toBe(false);
  } finally {
    await rm(folder, { recursive: true });
  }
});
