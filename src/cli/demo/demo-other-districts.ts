/** Two more districts for the technician: one that is being connected, and one whose imports fail. */
import { addDistrict, findDistrict } from '../../districts/district.ts';
import { requestSubject } from '../../districts/mail-classification.ts';
import type { SealingKey } from '../../districts/sealed-secret.ts';
import { findRequest } from '../../districts/setup-requests.ts';
import { verifyRequest } from '../../districts/setup-steps.ts';
import { processSupportMail } from '../../districts/support-inbox.ts';
import type { ReceivedMail } from '../../mail/support-mailbox.ts';
import type { CommandContext } from '../command-context.ts';
import { toConnection, withSetupContext } from './demo-connection.ts';
import { type HistoryOptions, importNightly } from './demo-history.ts';
import { type DemoSkyward, startDemoSkyward } from './demo-skyward.ts';
import { findFreePort } from './demo-lock.ts';

/** Its e-mail asked for the connection; its record in Skyward is not there yet. */
const waiting = {
  domain: 'cedarhollow.example',
  name: 'Cedar Hollow Schools',
  timeZone: 'America/Denver',
};
/** Its integration access was switched off three days ago, and nobody has noticed. */
const failing = {
  domain: 'mesaridge.example',
  name: 'Mesa Ridge Unified School District',
  timeZone: 'America/Phoenix',
};

interface OtherDistricts {
  /** The demo's own sandbox Skyward, whose partner interface is asked about the waiting district. */
  readonly skyward: DemoSkyward;
  readonly sealingKey: SealingKey;
  readonly lastDay: Temporal.PlainDate;
  readonly options: Pick<HistoryOptions, 'import' | 'log'>;
}

/** Adds both, with what has happened until the last day of the story. */
export async function addOtherDistricts(
  context: CommandContext,
  given: OtherDistricts,
): Promise<void> {
  await addWaitingDistrict(context, given);
  await addFailingDistrict(context, given);
}

async function addWaitingDistrict(
  context: CommandContext,
  { skyward, sealingKey, lastDay }: OtherDistricts,
): Promise<void> {
  const { pool } = context.database;
  if ((await findDistrict(pool, waiting.domain)) !== undefined) return;
  const at = (day: Temporal.PlainDate, time: string) =>
    day.toZonedDateTime({ timeZone: waiting.timeZone, plainTime: time }).toInstant();
  const verifiedAt = at(lastDay.subtract({ days: 1 }), '09:05');
  const district = await addDistrict(pool, waiting, undefined, sealingKey);
  const requestMail = {
    from: `ruth.ebner@${waiting.domain}`,
    subject: requestSubject,
    text: 'Our Integration Access record is ready. Please complete the integration. Ruth Ebner',
    receivedAt: at(lastDay.subtract({ days: 2 }), '15:20'),
  };
  const question = {
    from: `ruth.ebner@${waiting.domain}`,
    subject: 'Which schools do we have to add?',
    text: 'Hello,\n\nin Skyward the list of Custom API Entities has 14 schools, two of which are closed. Do we add them, too?\n\nThank you\nRuth Ebner',
    receivedAt: at(lastDay.subtract({ days: 1 }), '16:42'),
  };
  for (const mail of [requestMail, question]) await processSupportMail(pool, toMail(mail), []);
  const request = await findRequest(pool, district.id);
  await withSetupContext(context, skyward.addresses, sealingKey, verifiedAt, async (setup) => {
    const [customer] = (await setup.partner?.listSkywardDistricts()) ?? [];
    if (customer === undefined || request === undefined) return;
    await verifyRequest(setup, request, {
      customerId: customer.customerId,
      expectedKey: 'cedar-hollow',
      timeZone: waiting.timeZone,
    });
  });
}

function toMail(mail: {
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly receivedAt: Temporal.Instant;
}): ReceivedMail {
  return {
    ...mail,
    envelopeFrom: mail.from,
    from: [mail.from],
    messageId: `${mail.receivedAt.epochMilliseconds}@${waiting.domain}`,
    references: [],
    headers: new Map(),
    bytes: mail.text.length,
    sender: { verdict: 'confirmed', spf: 'pass', dkim: 'pass', dmarc: 'pass' },
  };
}

/** Days of its imports before the last day; the access is switched off before the one of three days ago. */
const firstDaysAgo = 6;
const offDaysAgo = 3;

/** Its own small sandbox stops afterwards: later imports find no server. */
async function addFailingDistrict(
  { database: { pool }, signal }: CommandContext,
  { sealingKey, lastDay, options }: OtherDistricts,
): Promise<void> {
  if ((await findDistrict(pool, failing.domain)) !== undefined) return;
  const firstDay = lastDay.subtract({ days: firstDaysAgo });
  const skyward = await startDemoSkyward({
    port: await findFreePort(0),
    students: 90,
    seed: 11,
    startsOn: firstDay,
    accessExpiresOn: lastDay.add({ months: 7 }),
  });
  try {
    const connection = toConnection(skyward.addresses);
    const district = await addDistrict(pool, failing, connection, sealingKey);
    for (let daysAgo = firstDaysAgo; daysAgo >= 0; daysAgo--) {
      const today = lastDay.subtract({ days: daysAgo });
      await skyward.advanceTo(today);
      if (daysAgo === offDaysAgo) await skyward.rejectTokens(true);
      await importNightly({ pool, district, today }, options);
      if (signal.aborted) return;
    }
  } finally {
    await skyward.stop();
  }
}
