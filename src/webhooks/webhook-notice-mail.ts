/** Mails the recipients of notices that a webhook was turned off. */
import { recipientsOf } from '../districts/email-subscriptions.ts';
import type { NoticeOptions } from '../districts/district-notice-mail.ts';
import { layOutMail } from '../mail/mail-layout.ts';

interface DisabledWebhook {
  readonly districtId: number;
  readonly name: string;
  readonly domain: string;
  readonly url: string;
  readonly reason: 'gone' | 'failing';
  readonly recipients: readonly string[];
}

/** Records the notice before its mails are sent, so that one process only sends them. */
const takeUnsent = `
  with unsent as (
    update webhooks set told_at = $1 where disabled_at is not null and told_at is null
    returning district_id, url, disabled_why
  )
  select d.id as "districtId", d.name, d.domain, u.url, u.disabled_why as reason,
    array(select a.email from ${recipientsOf('notices')} order by a.email) as recipients
  from unsent u join districts d on d.id = u.district_id`;

const reasons: Readonly<Record<DisabledWebhook['reason'], string>> = {
  gone: 'The receiver responded that it no longer exists (410).',
  failing: 'All deliveries of the last five days failed.',
};

/** Sends the notices that were not sent before. Returns the number of webhooks. Throws `DatabaseError`. */
export async function notifyDisabled(options: NoticeOptions): Promise<number> {
  const { pool, mailer, product, publicUrl, now } = options;
  const { rows } = await pool.query<DisabledWebhook>(takeUnsent, [now().toString()]);
  for (const { districtId, name, domain, url, reason, recipients } of rows) {
    // The address may contain a key of the receiver, so mails name its host only.
    const { host } = new URL(url);
    const subject = `A webhook of ${name} was turned off: ${host}`;
    const content = layOutMail({
      heading: subject,
      paragraphs: [
        `${reasons[reason]} It no longer receives document events.`,
        'When the receiver works again, turn the webhook on under Settings. Waiting events are sent then, unless they are older than 30 days.',
      ],
      ...(publicUrl !== undefined && {
        button: {
          label: 'Open District Information',
          address: `${publicUrl}/a/${domain}/settings/webhooks`,
        },
      }),
      closing: [
        'You receive this mail because import and connection alerts are turned on for you. They can be turned off under Settings > E-mail notifications.',
      ],
      product,
    });
    for (const to of recipients) {
      await mailer.send({ districtId, kind: 'webhook-turned-off', to, subject, ...content });
    }
  }
  return rows.length;
}
