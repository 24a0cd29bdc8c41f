/** Changes one student in a hundred through the API's own update calls: a phone, a name or an enrollment of each. */
import { request } from 'undici';
import { qmlativObjects } from '../src/qmlativ/objects/objects.ts';
import { createQmlativClient, type QmlativClient } from '../src/qmlativ/qmlativ-client.ts';
import type { QmlativObject, RowOf } from '../src/qmlativ/objects/qmlativ-object.ts';
import { clientOptions, type ChildFigures, type StepOrder } from './step-order.ts';

interface Update {
  readonly path: string;
  readonly id: number;
  readonly values: Readonly<Record<string, string>>;
}

/** Answers with the number of rows changed. */
export async function changeStudents(order: StepOrder): Promise<Omit<ChildFigures, 'peakBytes'>> {
  const start = performance.now();
  const client = createQmlativClient(clientOptions(order));
  let updates: Update[];
  try {
    updates = await planUpdates(client, order);
  } finally {
    await client.close();
  }
  const token = await tokenOf(order);
  for (const update of updates) await send(order, token, update);
  return {
    seconds: (performance.now() - start) / 1000,
    rows: updates.length,
    requests: updates.length,
    outcome: null,
    phases: {},
  };
}

async function planUpdates(client: QmlativClient, order: StepOrder): Promise<Update[]> {
  const { entityId } = order.skyward;
  const chosen = new Map<number, 'phone' | 'name' | 'enrollment'>();
  const persons = new Map<number, number>();
  const kinds = ['phone', 'name', 'enrollment'] as const;
  let index = 0;
  await each(client, qmlativObjects.Student, entityId, ({ StudentID, NameID }) => {
    if (index % 100 === order.round % 100) {
      chosen.set(StudentID, kinds[chosen.size % kinds.length] ?? 'name');
      persons.set(NameID, StudentID);
    }
    index += 1;
  });
  const updates: Update[] = [];
  const done = new Set<number>();
  for (const [person, student] of persons) {
    if (chosen.get(student) !== 'name') continue;
    const values = { MiddleName: `Avery${order.round}` };
    updates.push({ path: 'Demographics/Name', id: person, values });
    done.add(student);
  }
  await each(client, qmlativObjects.EntryWithdrawal, entityId, (row) => {
    if (chosen.get(row.StudentID) !== 'enrollment' || done.has(row.StudentID)) return;
    if (row.EndDate !== null || (row.StartDate ?? '') >= order.today) return;
    done.add(row.StudentID);
    const path = 'Enrollment/EntryWithdrawal';
    updates.push({ path, id: row.EntryWithdrawalID, values: { EndDate: order.today } });
  });
  // Whoever has no open enrollment gets another phone number instead; who has no phone, another name.
  await each(client, qmlativObjects.NamePhone, entityId, (row) => {
    const student = row.NameID === null ? undefined : persons.get(row.NameID);
    if (student === undefined || done.has(student)) return;
    done.add(student);
    const values = {
      PhoneNumber: `555${String(order.round).padStart(3, '0')}${String(student % 10_000).padStart(4, '0')}`,
    };
    updates.push({ path: 'Demographics/NamePhone', id: row.NamePhoneID, values });
  });
  for (const [person, student] of persons) {
    if (done.has(student)) continue;
    const values = { MiddleName: `Avery${order.round}` };
    updates.push({ path: 'Demographics/Name', id: person, values });
  }
  return updates;
}

async function each<Object extends QmlativObject>(
  client: QmlativClient,
  object: Object,
  entityId: number,
  take: (row: RowOf<Object>) => void,
): Promise<void> {
  for await (const page of client.readPages(object, { entityId })) page.rows.forEach(take);
}

async function tokenOf({ skyward }: StepOrder): Promise<string> {
  const answer = await request(`${skyward.baseUrl}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: skyward.clientKey,
      client_secret: skyward.clientSecret,
    }).toString(),
  });
  const { access_token: token } = (await answer.body.json()) as { access_token?: string };
  if (token === undefined) throw new Error('The sandbox gave no token');
  return token;
}

async function send({ skyward }: StepOrder, token: string, update: Update): Promise<void> {
  const url = `${skyward.baseUrl}/Custom/${skyward.entityId}/${update.path}/${update.id}`;
  const answer = await request(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ DataObject: update.values }),
  });
  const words = await answer.body.text();
  if (answer.statusCode !== 200)
    throw new Error(`${update.path} could not be changed (${answer.statusCode}): ${words}`);
}
