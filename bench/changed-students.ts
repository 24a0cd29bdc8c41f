/** Changes one student in a hundred through the API's own update calls: a phone, a name or an enrollment of each. */
import { request } from 'undici';
import { qmlativObjects } from '../src/qmlativ/objects/objects.ts';
import { createQmlativClient, type QmlativClient } from '../src/qmlativ/qmlativ-client.ts';
import type { QmlativObject, RowOf } from '../src/qmlativ/objects/qmlativ-object.ts';
import { clientOptions, type StepResult, type StepOptions } from './step-options.ts';

interface Update {
  readonly path: string;
  readonly id: number;
  readonly values: Readonly<Record<string, string>>;
}

/** Applies the changes and returns how many rows it changed. */
export async function changeStudents(options: StepOptions): Promise<Omit<StepResult, 'peakBytes'>> {
  const start = performance.now();
  const client = createQmlativClient(clientOptions(options));
  let updates: Update[];
  try {
    updates = await planUpdates(client, options);
  } finally {
    await client.close();
  }
  const token = await requestToken(options);
  for (const update of updates) await send(options, token, update);
  return {
    seconds: (performance.now() - start) / 1000,
    rows: updates.length,
    requests: updates.length,
    outcome: null,
    phases: {},
  };
}

async function planUpdates(client: QmlativClient, options: StepOptions): Promise<Update[]> {
  const { entityId } = options.skyward;
  const changeKinds = new Map<number, 'phone' | 'name' | 'enrollment'>();
  const studentsByName = new Map<number, number>();
  const allChangeKinds = ['phone', 'name', 'enrollment'] as const;
  let index = 0;
  await readEach(client, qmlativObjects.Student, entityId, ({ StudentID, NameID }) => {
    if (index % 100 === options.round % 100) {
      changeKinds.set(
        StudentID,
        allChangeKinds[changeKinds.size % allChangeKinds.length] ?? 'name',
      );
      studentsByName.set(NameID, StudentID);
    }
    index += 1;
  });
  const updates: Update[] = [];
  const planned = new Set<number>();
  for (const [person, student] of studentsByName) {
    if (changeKinds.get(student) !== 'name') continue;
    const values = { MiddleName: `Avery${options.round}` };
    updates.push({ path: 'Demographics/Name', id: person, values });
    planned.add(student);
  }
  await readEach(client, qmlativObjects.EntryWithdrawal, entityId, (row) => {
    if (changeKinds.get(row.StudentID) !== 'enrollment' || planned.has(row.StudentID)) return;
    if (row.EndDate !== null || (row.StartDate ?? '') >= options.today) return;
    planned.add(row.StudentID);
    const path = 'Enrollment/EntryWithdrawal';
    updates.push({ path, id: row.EntryWithdrawalID, values: { EndDate: options.today } });
  });
  // A student without an open enrollment gets another phone number; one without a phone, another name.
  await readEach(client, qmlativObjects.NamePhone, entityId, (row) => {
    const student = row.NameID === null ? undefined : studentsByName.get(row.NameID);
    if (student === undefined || planned.has(student)) return;
    planned.add(student);
    const values = {
      PhoneNumber: `555${String(options.round).padStart(3, '0')}${String(student % 10_000).padStart(4, '0')}`,
    };
    updates.push({ path: 'Demographics/NamePhone', id: row.NamePhoneID, values });
  });
  for (const [person, student] of studentsByName) {
    if (planned.has(student)) continue;
    const values = { MiddleName: `Avery${options.round}` };
    updates.push({ path: 'Demographics/Name', id: person, values });
  }
  return updates;
}

async function readEach<Object extends QmlativObject>(
  client: QmlativClient,
  object: Object,
  entityId: number,
  onRow: (row: RowOf<Object>) => void,
): Promise<void> {
  for await (const page of client.readPages(object, { entityId })) page.rows.forEach(onRow);
}

async function requestToken({ skyward }: StepOptions): Promise<string> {
  const response = await request(`${skyward.baseUrl}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: skyward.clientKey,
      client_secret: skyward.clientSecret,
    }).toString(),
  });
  const { access_token: token } = (await response.body.json()) as { access_token?: string };
  if (token === undefined) throw new Error('The sandbox issued no token');
  return token;
}

async function send({ skyward }: StepOptions, token: string, update: Update): Promise<void> {
  const url = `${skyward.baseUrl}/Custom/${skyward.entityId}/${update.path}/${update.id}`;
  const response = await request(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ DataObject: update.values }),
  });
  const responseText = await response.body.text();
  if (response.statusCode !== 200)
    throw new Error(
      `${update.path} could not be changed (${response.statusCode}): ${responseText}`,
    );
}
