/** Events of an import: one for each document that was filled from a changed record. */
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { openSandboxDistrict, type SandboxDistrict } from '../../tests/skyward/sandbox-district.ts';
import {
  startReceiver,
  verifyCall,
  type WebhookReceiver,
} from '../../tests/servers/webhook-receiver.ts';
import { writeInDistrict } from '../database/district-and-school-scope.ts';
import { newSealingKey } from '../districts/sealed-secret.ts';
import { createForStudents } from '../documents/document-work.ts';
import { findBuiltInForm } from '../documents/built-in-forms.ts';
import { createWebhookClient, type WebhookClient } from './webhook-request.ts';
import { createWebhookSender, type WebhookSender } from './webhook-sender.ts';
import { insertWebhook } from './webhook-store.ts';

const sealingKey = newSealingKey();
const author = { accountId: '00000000-0000-4000-8000-000000000001', name: 'Sam Poe' };

let district: SandboxDistrict;
let receiver: WebhookReceiver;
let client: WebhookClient;
let sender: WebhookSender;
let students: readonly { readonly id: number; readonly skyward: number }[];

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 40, seed: 5 });
  expect((await district.runImport()).state).toBe('published');
  students = await district.rows(
    `select id, skyward_id as skyward from students where district_id = $1 and status = 'ENROLLED'
     order by id desc limit 6`,
  );
  receiver = await startReceiver();
  client = createWebhookClient({ allowPrivateAddresses: true });
  sender = createWebhookSender({
    pool: district.database.pool,
    log: pino({ level: 'silent' }),
    sealingKey,
    client,
    now: () => Temporal.Now.instant().add({ seconds: 1 }),
  });
});
afterAll(async () => {
  await sender.close();
  await client.close();
  await receiver.close();
  await district.close();
});
beforeEach(async () => {
  await district.database.pool.query('delete from webhooks');
});

const inDistrict = () => ({ districtId: district.districtId, schools: null });
const addWebhook = async () => {
  const added = await writeInDistrict(district.database.pool, inDistrict(), async (database) =>
    insertWebhook(
      database,
      { url: receiver.url, events: ['document.demographics-changed'] },
      author,
      sealingKey,
    ),
  );
  return added?.secret ?? '';
};
const createFor = async (studentId: number, formKey: string) =>
  writeInDistrict(district.database.pool, inDistrict(), async (database) => {
    const form = findBuiltInForm(formKey);
    if (form === undefined) throw new Error(`There is no form ${formKey}`);
    const context = {
      database,
      districtId: district.districtId,
      districtName: 'Demo',
      today: Temporal.PlainDate.from('2026-11-23'),
      person: { ...author, role: 'staff' as const },
    };
    const [one] = await createForStudents(context, form, [studentId]);
    return one?.documentId ?? 0;
  });
const rename = (skyward: number, lastName: string) => {
  const { sandbox } = district.skyward;
  const name = Number(sandbox.rows('Student/Student').get(skyward, 'NameID'));
  sandbox.rows('Demographics/Name').update(name, { LastName: lastName });
};
const arrived = async (secret: string) => {
  const before = receiver.calls.length;
  await sender.sendDue();
  await sender.settled();
  return receiver.calls.slice(before).map((call) => verifyCall(call, secret));
};

it('sends an event for every incomplete document of a changed student, and for no other', async () => {
  const [changed, complete, same] = students;
  if (!changed || !complete || !same) throw new Error('Too few students');
  const first = await createFor(changed.id, 'transfer-letter');
  const second = await createFor(changed.id, 'meeting-notice');
  const done = await createFor(complete.id, 'transfer-letter');
  await createFor(same.id, 'transfer-letter');
  await district.rows(
    `update documents set state = 'complete', completed_at = now() where district_id = $1 and id = $2`,
    [done],
  );
  const secret = await addWebhook();
  rename(changed.skyward, 'Ngatawhero');
  rename(complete.skyward, 'Ngatawhero');

  expect((await district.runImport({ isDryRun: true })).state).toBe('planned');
  expect(await arrived(secret)).toEqual([]);

  expect((await district.runImport()).state).toBe('published');
  const bodies = await arrived(secret);
  const body = (documentId: number, formKey: string) => ({
    type: 'document.demographics-changed',
    timestamp: expect.any(String),
    data: { district: 'demo.example', documentId, formKey, studentId: changed.id },
  });
  expect(bodies).toHaveLength(2);
  expect(bodies).toContainEqual(body(first, 'transfer-letter'));
  expect(bodies).toContainEqual(body(second, 'meeting-notice'));
  expect(receiver.calls.map((call) => call.body).join()).not.toContain('Ngatawhero');

  expect((await district.runImport()).state).toBe('unchanged');
  expect(await arrived(secret)).toEqual([]);
});

it('costs a district without webhooks one query per import and writes nothing', async () => {
  const [, , , student] = students;
  if (!student) throw new Error('Too few students');
  await createFor(student.id, 'transfer-letter');
  rename(student.skyward, 'Okonkwo');
  expect((await district.runImport()).state).toBe('published');
  expect(await district.rows('select 1 from webhook_deliveries where district_id = $1')).toEqual(
    [],
  );
});

it('sends an event for a status that changed with the date only', async () => {
  const [, , , , student] = students;
  if (!student) throw new Error('Too few students');
  const documentId = await createFor(student.id, 'transfer-letter');
  const secret = await addWebhook();
  const enrollments = district.skyward.sandbox.rows('Enrollment/EntryWithdrawal');
  for (const id of enrollments.where('StudentID', student.skyward)) {
    if (enrollments.get(id, 'EndDate') === null)
      enrollments.update(id, { EndDate: '2026-11-24T00:00:00' });
  }
  await district.runImport();
  await arrived(secret);
  // The next day Skyward can't be read: statuses are recalculated anyway.
  await district.runImport({ today: '2026-11-26', connection: { clientSecret: 'wrong' } });
  expect(await arrived(secret)).toContainEqual(
    expect.objectContaining({ data: expect.objectContaining({ documentId }) }),
  );
});
