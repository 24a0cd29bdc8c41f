/** E-mail notifications of a district: recipients, sent messages, unsubscribing from the weekly summary. */
import { districtMailApi } from '../../contract/districts/district-mail.ts';
import {
  saveSubscription,
  unsubscribeFromSummary,
  type EmailSubscription,
  readSubscriptions,
  readSentMails,
  defaultSubscription,
} from '../../districts/email-subscriptions.ts';
import { ApiError, found } from '../api-error.ts';
import type { ApiOptions } from '../server/api-environment.ts';
import type { DistrictCall } from '../district-call.ts';
import type { RouteContext } from '../route.ts';

const shownMails = 100;

/** Adds the routes of e-mail notifications; unsubscribing needs no account. */
export function addDistrictMailRoutes({ route, options }: RouteContext): void {
  route(districtMailApi.getDistrictMail, async ({ district }) => {
    const recipients = await listRecipients(options, district);
    const { sent, total } = await district.read(async (database) =>
      readSentMails(database, shownMails),
    );
    return {
      recipients: recipients.map(({ id, name, email, notices, weekly }) => ({
        id,
        name,
        email,
        notices,
        weekly,
      })),
      sent: sent.map((mail) => ({ ...mail, sentAt: mail.sentAt.toString() })),
      total,
      isMailConfigured: options.setup?.mailer !== undefined,
    };
  });

  route(districtMailApi.chooseMail, async ({ district, params, body }) => {
    const recipients = await listRecipients(options, district);
    const recipient = found(recipients.find(({ id }) => id === params.id));
    const others = recipients.filter(({ id, isSuspended }) => id !== params.id && !isSuspended);
    if (recipient.notices && !body.notices && !others.some(({ notices }) => notices)) {
      throw new ApiError('still-needed', 'Someone must be notified when an import fails.', {
        advice: 'Choose another recipient first.',
      });
    }
    await district.write(async (database) => {
      await saveSubscription(database, params.id, body);
      const detail = { fields: ['who gets mail'] };
      await district.audit({ action: 'settings-changed', detail }, database);
    });
    return { id: recipient.id, name: recipient.name, email: recipient.email, ...body };
  });

  route(districtMailApi.leaveWeeklySummary, async ({ params }) => {
    if (await unsubscribeFromSummary(options.database.pool, params.token))
      return { done: true as const };
    throw new ApiError('link-not-valid', 'This link is not valid.', {
      advice: 'An administrator can turn off the summary under Settings.',
    });
  });
}

interface Recipient extends EmailSubscription {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly isSuspended: boolean;
}

/** All users of the district with their subscriptions, by default those of the role. */
async function listRecipients(
  { accounts }: ApiOptions,
  district: DistrictCall,
): Promise<readonly Recipient[]> {
  const users = await accounts.users.list(district.id);
  const choices = await district.read(async (database) => readSubscriptions(database));
  return users.map(({ id, name, email, role, isSuspended }) => ({
    id,
    name,
    email,
    isSuspended,
    ...(choices.get(id) ?? defaultSubscription(role)),
  }));
}
