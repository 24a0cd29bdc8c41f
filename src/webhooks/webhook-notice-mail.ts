/** Tells who hears of trouble in a district that a webhook turned itself off. */
import { recipientsOf } from '../districts/email-subscriptions.ts';
import type { NoticeOptions } from '../districts/connection-notice-mail.ts';
import { layOutMail } from '../mail/mail-layout.ts';

interface DisabledWebhook {
  readonly districtId: number;
  readonly name: string;
  readonly domain: string;
  readonly url: string;
  readonly reason: 'gone' | 'failing';
  readonly recipients: readonly string[];
}

/** Each is kept as told before its mails go out: of several processes one tells it. */
const takeUnsent = `
  with unsent as (
    update webhooks set told_at = $1 where disabled_at is not null and told_at is null
    returning district_id, url, disabled_why
  )
  select d.id as "districtId", d.name, d.domain, u.url, u.disabled_why as reason,
    array(select a.email from ${recipientsOf('notices')} order by a.email) as recipients
  from unsent u join districts d on d.id = u.district_id`;

const reasons: Readonly<Record<DisabledWebhook['reason'], string>> = {
  gone: 'The program at this address answered that it is gone for good (410).',
  failing: 'For five days nothing that we sent has arrived there.',
};

/** Tells what was not told before; gives how many webhooks. Throws `DatabaseError`. */
export async function notifyDisabled(options: NoticeOptions): Promise<number> {
  const { pool, mailer, product, publicUrl, now } = options;
  const { rows } = await pool.query<DisabledWebhook>(takeUnsent, [now().toString()]);
  for (const { districtId, name, domain, url, reason, recipients } of rows) {
    // An address may hold a key of the receiver: the host alone goes into a mail.
    const { host } = new URL(url);
    const subject = `A webhook of ${name} was turned off: ${host}`;
    const content = layOutMail({
      heading: subject,
      paragraphs: [
        `${reasons[reason]} It hears of no document any more.`,
        'Once the program answers again, turn the webhook on under Settings. What waited for it is sent then, as long as it is not older than 30 days.',
      ],
      ...(publicUrl !== undefined && {
        button: {
          label: 'Open District Information',
          address: `${publicUrl}/a/${domain}/settings`,
        },
      }),
      closing: [
        'You receive this mail because you look after the connection of your district; who does is chosen under Settings.',
      ],
      product,
    });
    for (const to of recipients) {
      await mailer.send({ districtId, kind: 'webhook-turned-off', to, subject, ...content });
    }
  }
  return rows.length;
}
