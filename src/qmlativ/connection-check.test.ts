/** The connection check against the sandbox. */
import { expect, it } from 'vitest';
import type { SwitchValues } from '../../sandbox/api/contract-switches.ts';
import { startSandbox, type RunningSandbox } from '../../sandbox/sandbox.ts';
import type { ConnectionCandidate } from '../districts/connection-check-port.ts';
import { createConnectionCheck } from './connection-check.ts';
import { probe } from './probe/probe.ts';
import { unnamedVendor } from './vendor-identity.ts';

async function check(
  switches: Partial<SwitchValues>,
  connection: Partial<ConnectionCandidate> = {},
  change: (skyward: RunningSandbox) => void = () => undefined,
) {
  const skyward = await startSandbox({
    port: 0,
    today: '2026-11-23',
    students: 60,
    schools: 2,
    seed: 5,
    switches,
  });
  try {
    change(skyward);
    const { baseUrl, clientKey, clientSecret } = skyward;
    return await createConnectionCheck(unnamedVendor)({
      baseUrl,
      clientKey,
      clientSecret,
      integrationTokenName: null,
      allowPrivateAddress: true,
      ...connection,
    });
  } finally {
    await skyward.close();
  }
}

it('summarizes the findings when everything is allowed', async () => {
  expect(await check({})).toEqual({
    kind: 'works',
    districtName: expect.any(String),
    summary: 'Skyward responds; token by POST form; all 9 objects an import needs are allowed.',
    problems: [],
  });
});

it('reports missing required objects and fields', async () => {
  expect(
    await check({
      'token-form': 'get-basic',
      'required-not-granted': 'refused-403',
      'required-field-not-granted': 'refused-by-name',
    }),
  ).toMatchObject({
    kind: 'works',
    summary:
      'Skyward responds; token by GET with Basic; 8 of 9 objects an import needs are allowed; missing: Enrollment/WithdrawalCode.',
    problems: [
      'Enrollment/EntryWithdrawal EndDate is not granted.',
      'Enrollment/WithdrawalCode is not granted (status 403, JSON with an error).',
    ],
  });
  expect(
    await check({ 'required-not-granted': 'empty-list', 'required-field-not-granted': 'absent' }),
  ).toMatchObject({
    problems: [
      'Enrollment/EntryWithdrawal EndDate came in no sampled row.',
      'Enrollment/WithdrawalCode may not be granted (an empty list).',
    ],
  });
});

it.each(['refused-403', 'refused-404', 'empty-lists'] as const)(
  'names the entity that was not picked (%s)',
  async (picked) => {
    expect(await check({ 'entity-picker': picked })).toMatchObject({
      kind: 'works',
      problems: [expect.stringContaining('Custom API Entities')],
    });
  },
);

it('asks for the entity if the metadata do not have it', async () => {
  expect(await check({ 'system-metadata': 'refused' })).toMatchObject({
    kind: 'works',
    districtName: null,
    problems: [expect.stringContaining('--entity-id')],
  });
  expect(await check({ 'system-metadata': 'refused' }, { entityId: 2 })).toMatchObject({
    problems: [],
  });
});

it('reports a problem if no token is issued, and if the access is not active', async () => {
  expect(await check({}, { clientSecret: 'another' })).toMatchObject({
    kind: 'problem',
    code: 'wrong-credentials',
  });
  expect(await check({ 'integration-token': 'required' })).toMatchObject({
    kind: 'problem',
    code: 'wrong-credentials',
    advice: expect.stringContaining('the integration token that it issued to the vendor'),
  });
  const inactive = await check({}, {}, ({ sandbox }) =>
    sandbox.accesses.change(sandbox.clientKey, { isActive: false }),
  );
  expect(inactive).toMatchObject({ kind: 'problem', code: 'access-denied' });
});

it('is a problem if no server responds, or something other than the API', async () => {
  expect(await check({}, { baseUrl: 'http://127.0.0.1:9/StuAPI' })).toMatchObject({
    kind: 'problem',
    code: 'unreachable',
  });
  expect(await check({}, { allowPrivateAddress: false })).toMatchObject({
    kind: 'problem',
    code: 'address-not-allowed',
  });
  expect(await check({}, { integrationTokenName: 'washington' })).toMatchObject({
    kind: 'problem',
    code: 'integration-token-unset',
  });
});

it('sends at most fifteen requests', async () => {
  const skyward = await startSandbox({ port: 0, today: '2026-11-23', students: 60, seed: 5 });
  try {
    const { baseUrl, clientKey, clientSecret } = skyward;
    const { requests } = await probe({
      baseUrl,
      clientKey,
      clientSecret,
      userAgent: unnamedVendor.userAgent,
      allowPrivateAddresses: true,
      isShort: true,
    });
    expect(requests).toBeGreaterThan(9);
    expect(requests).toBeLessThanOrEqual(15);
  } finally {
    await skyward.close();
  }
});
