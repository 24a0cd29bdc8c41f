/** Tests of the control API: days, faults, switches and facts over HTTP. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultSwitchValues } from './contract-switches.ts';
import { requestToken } from './sandbox-client.ts';
import { openJournal } from '../journal.ts';
import { createSandbox, type Sandbox } from '../sandbox.ts';

const createTestSandbox = () => createSandbox({ students: 30, schools: 3, today: '2026-11-23' });

async function control(sandbox: Sandbox, path: string, body?: unknown, method = 'POST') {
  const response = await sandbox.app.request(`${sandbox.controlPath}${path}`, {
    method: body === undefined && method === 'POST' ? 'GET' : method,
    headers: { 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json: unknown = text === '' ? null : JSON.parse(text);
  return { status: response.status, json };
}

describe('the control API', () => {
  it('simulates days, up to a date or a number of them', async () => {
    const sandbox = createTestSandbox();
    expect((await control(sandbox, '')).json).toEqual({ today: '2026-11-23' });
    const one = await control(sandbox, '/days', { to: '2026-12-23' });
    expect(one.json).toMatchObject({ from: '2026-11-23', today: '2026-12-23' });
    const same = createTestSandbox().advanceTo('2026-12-23');
    expect(one.json).toHaveProperty('events', same);
    const two = await control(sandbox, '/days', { days: 2 });
    expect(two.json).toMatchObject({ from: '2026-12-23', today: '2026-12-25' });
  });

  it('returns the facts', async () => {
    const sandbox = createTestSandbox();
    const { json } = await control(sandbox, '/facts');
    expect(json).toEqual(sandbox.facts());
    expect(json).toMatchObject({ today: '2026-11-23', schoolYear: 2027 });
  });

  it('adds faults and clears them', async () => {
    const sandbox = createTestSandbox();
    const fault = { object: 'oauth/token', kind: 'status-500', times: 'ever' };
    expect((await control(sandbox, '/faults', fault)).status).toBe(204);
    expect((await requestToken(sandbox)).status).toBe(500);
    expect((await control(sandbox, '/faults', undefined, 'DELETE')).status).toBe(204);
    expect((await requestToken(sandbox)).status).toBe(200);
  });

  it('shows and changes rows by key', async () => {
    const sandbox = createTestSandbox();
    const object = 'Demographics/Name';
    const [id = 0] = sandbox.rows(object).ids();
    const change = (rows: unknown) => control(sandbox, '/rows', { object, rows });
    expect((await change({ [id]: { LastName: 'Ruiz' } })).status).toBe(204);
    const { json } = await control(sandbox, `/rows?object=${object}`);
    expect(json).toHaveProperty('rows.0', expect.objectContaining({ LastName: 'Ruiz' }));
    expect(await change({ [id]: { Nickname: 'R' } })).toMatchObject({ status: 400 });
    expect(await change({ 7: { LastName: 'Ruiz' } })).toEqual({
      status: 400,
      json: { error: `${object} has no row 7.` },
    });
  });

  it('has a journal with which a restarted sandbox has the same rows and date', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sandbox-journal-'));
    const file = join(folder, 'journal');
    const start = async () => {
      const journal = openJournal(file);
      const { onControlChange } = journal;
      const options = { students: 30, schools: 3, today: '2026-11-23', onControlChange };
      const sandbox = createSandbox(options);
      await journal.repeatOn(sandbox);
      return sandbox;
    };
    const object = 'Demographics/Name';
    const first = await start();
    await control(first, '/days', { days: 3 });
    const [id = 0] = first.rows(object).ids();
    await control(first, '/rows', { object, rows: { [id]: { LastName: 'Ruiz' } } });
    await control(first, '/faults', { kind: 'html', times: 'ever' });
    const second = await start();
    expect(second.facts()).toEqual(first.facts());
    expect(second.rows(object).get(id, 'LastName')).toBe('Ruiz');
    expect((await requestToken(second)).status).toBe(200);
    await control(second, '/days', { days: 1 });
    expect((await start()).today).toBe('2026-11-27');
    await rm(folder, { recursive: true });
  });

  it('adds malformed data to a running district', async () => {
    const sandbox = createTestSandbox();
    const nameless = () =>
      sandbox.facts().students.filter(({ lastName }) => lastName === null).length;
    expect(nameless()).toBe(0);
    expect((await control(sandbox, '/malformed-data', { kinds: ['no-name'] })).status).toBe(204);
    expect(nameless()).toBe(1);
  });

  it('sets, shows and resets switches', async () => {
    const sandbox = createTestSandbox();
    const turned = { 'school-year': 'context-only', 'date-form': 'us-date' };
    expect((await control(sandbox, '/switches', turned)).status).toBe(204);
    expect((await control(sandbox, '/switches')).json).toEqual({
      ...defaultSwitchValues,
      ...turned,
    });
    expect((await control(sandbox, '/switches', undefined, 'DELETE')).status).toBe(204);
    expect((await control(sandbox, '/switches')).json).toEqual(defaultSwitchValues);
  });

  it.each([
    ['/switches', { weather: 'fine' }, "Switch 'weather' does not exist"],
    ['/switches', { toString: 'fine' }, "Switch 'toString' does not exist"],
    ['/switches', { charset: 'klingon' }, "'charset' has these values: utf-8"],
    ['/switches', { charset: 7 }, "'charset' has these values: utf-8"],
    ['/malformed-data', { kinds: ['mud'] }, "Kind 'mud' does not exist"],
    ['/malformed-data', { kinds: 'no-name' }, '"kinds" must be a list'],
    ['/malformed-data', {}, '"kinds" must be a list'],
    ['/days', {}, 'either "to"'],
    ['/days', { to: '2026-11-22' }, 'not to 2026-11-22'],
    ['/days', { to: '2026-02-30' }, 'is not a date'],
    ['/days', { days: -1 }, 'not to 2026-11-22'],
    ['/days', { days: 1, to: '2026-11-24' }, 'either "to"'],
    ['/days', { day: 1 }, "Unknown member 'day'"],
    ['/days', [], 'a JSON object'],
    ['/faults', { kind: 'mud' }, '"kind" must be one of slow'],
    ['/faults', { kind: 'html', page: 0 }, '"page"'],
    ['/faults', { kind: 'html', times: 'often' }, '"times"'],
    ['/faults', { kind: 'html', object: 7 }, '"object"'],
  ])('rejects %s with %j', async (path, body, message) => {
    expect(await control(createTestSandbox(), path, body)).toMatchObject({
      status: 400,
      json: { error: expect.stringContaining(message) },
    });
  });

  it('rejects requests that a page of another site can send without a preflight, and unknown paths', async () => {
    const sandbox = createTestSandbox();
    const response = await sandbox.app.request('/control/days', {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain' },
      body: '{"days":1}',
    });
    expect(response.status).toBe(400);
    expect((await control(sandbox, '/weather')).status).toBe(404);
  });
});
