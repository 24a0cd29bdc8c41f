/** The mail about a webhook that was turned off automatically. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type MailCatcher, mailerTo, startMailCatcher } from '../../tests/servers/mail-catcher.ts';
import { openTestApi, type TestApi } from '../../tests/servers/test-api.ts';
import { newSealingKey } from '../districts/sealed-secret.ts';
import { notifyDisabled } from './webhook-notice-mail.ts';

let api: TestApi;
let post: MailCatcher;
beforeAll(async () => {
  post = await startMailCatcher();
  const webhooks = { sealingKey: newSealingKey(), allowPrivateAddresses: false };
  api = await openTestApi({ webhooks });
});
afterAll(async () => {
  await api.close();
  await post.close();
});

const notify = async () =>
  notifyDisabled({
    pool: api.database.pool,
    mailer: mailerTo(post, api.database.pool),
    product: 'SameGoal',
    publicUrl: 'https://iep.example',
    now: Temporal.Now.instant,
  });

it('administrators get it once, and again only if it happens again', async () => {
  const url = 'https://hooks.example.org/daybreak?key=a-key-of-theirs';
  const events = ['document.created'];
  expect((await api.send('administrator', 'POST', '/webhooks', { url, events })).status).toBe(200);
  expect(await notify()).toBe(0);

  const turnOff = async () =>
    api.database.pool.query(
      `update webhooks set is_active = false, disabled_at = now(), disabled_why = 'gone'`,
    );
  await turnOff();
  const sent = await Promise.all([notify(), notify()]);
  expect(sent[0] + sent[1]).toBe(1);
  expect(post.mails.map(({ subject }) => subject)).toEqual([
    'A webhook of Demo District was turned off: hooks.example.org',
  ]);
  const [mail] = post.mails;
  expect([mail?.to].flat()[0]?.text).toBe('administrator@demo.example');
  expect(mail?.text).toContain('https://iep.example/a/demo.example/settings/webhooks');
  expect(mail?.text).not.toContain('a-key-of-theirs');

  const { rows } = await api.database.pool.query<{ id: number }>('select id from webhooks');
  const on = { events, isActive: true };
  await api.send('administrator', 'PUT', `/webhooks/${rows[0]?.id}`, on);
  expect(await notify()).toBe(0);
  await turnOff();
  expect(await notify()).toBe(1);
});
