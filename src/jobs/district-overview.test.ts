import { afterAll, beforeAll, expect, it } from 'vitest';

import { sampleNow } from '../../tests/builders/sample-district.ts';
import { fillSampleHistory, type SampleHistory } from '../../tests/builders/sample-history.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import type { Database } from '../database/database.ts';
import { listDistrictOverviews } from './district-overview.ts';

let database: Database;
let sample: SampleHistory;

beforeAll(async () => {
  database = await openTestDatabase();
  sample = await fillSampleHistory(database);
});
afterAll(() => database.close());

it('has every district by name with its imports, students, access and request, read by the role of the web', async () => {
  await database.pool.query(
    `insert into support_mails (district_id, received_at, envelope_from, header_from, subject, message_id,
       body, bytes, sender, outcome)
     select id, '2026-11-22T13:40:00Z', 'ruth@cedarhollow.example', '{ruth@cedarhollow.example}', 'A question',
       '<2@cedarhollow.example>', 'Hello', 420, '{}', 'inbox'
     from districts where domain = 'cedarhollow.example'`,
  );
  const districts = await listDistrictOverviews(database.web.pool, sampleNow);
  expect(districts).toMatchObject([
    {
      name: 'Cedar Hollow Schools',
      today: '2026-11-23',
      status: { isConnected: false, heldRunId: sample.runs.held },
      heldSince: '2026-11-23T09:01:30Z',
      students: { total: 12, change: 0 },
      accessExpiresOn: null,
      request: { id: sample.waiting.requestId, state: 'waiting' },
      lastMail: { receivedAt: '2026-11-22T13:40:00Z', needsReview: true },
    },
    {
      name: 'Pine Ridge Independent School District',
      status: { isConnected: true, lastCompleted: { runId: sample.runs.lastImport } },
      heldSince: null,
      students: { total: 64, change: 2 },
      accessExpiresOn: '2026-12-08',
      request: { state: 'connected' },
      lastMail: null,
    },
  ]);
});
