/** The pool never has more calls in flight than it may, takes those that wait by rank, and lets the server rest. */
import { describe, expect, it } from 'vitest';
import {
  directionalRows,
  listAddress,
  createPage,
  startScriptedServer,
} from '../../../tests/qmlativ/scripted-server.ts';
import { qmlativObjects } from '../objects/objects.ts';
import { createQmlativClient } from '../qmlativ-client.ts';
import type { ApiCall } from './api-call.ts';
import { RequestPool } from './request-pool.ts';

/** A caller whose calls end when the test resolves them. */
function openCalls() {
  const sent: { path: string; end: () => void }[] = [];
  const pool = new RequestPool(2);
  const call = pool.wrap(async ({ path }) => {
    const ended = Promise.withResolvers<undefined>();
    sent.push({ path, end: () => ended.resolve(undefined) });
    await ended.promise;
    return { kind: 'json', json: path };
  });
  const ask = (path: string, options: Partial<ApiCall> = {}) =>
    call({ method: 'GET', path, place: {}, signal: new AbortController().signal, ...options });
  return { pool, sent, ask };
}

describe('calls', () => {
  it('that wait are sent by rank, then in order of arrival', async () => {
    const { pool, sent, ask } = openCalls();
    const ranks = [5, 5, 3, 0, 3, 1];
    const calls = ranks.map((rank, index) => ask(`/${index}`, { rank }));
    expect(pool.hasRoom).toBe(false);
    for (let index = 0; index < ranks.length; index++) {
      expect(sent.length).toBe(Math.min(index + 2, ranks.length));
      sent[index]?.end();
      await calls[Number(sent[index]?.path.slice(1))];
    }
    expect(sent.map(({ path }) => path)).toEqual(['/0', '/1', '/3', '/5', '/2', '/4']);
    expect(pool.hasRoom).toBe(true);
  });

  it('that are canceled while they wait are never sent', async () => {
    const { sent, ask } = openCalls();
    const stop = new AbortController();
    const others = [ask('/a'), ask('/b')];
    const canceled = ask('/c', { signal: stop.signal });
    others.push(ask('/d'));
    stop.abort();
    await expect(canceled).rejects.toMatchObject({ code: 'cancelled' });
    for (let index = 0; index < 3; index++) {
      sent[index]?.end();
      await others[index];
    }
    expect(sent.map(({ path }) => path)).toEqual(['/a', '/b', '/d']);
  });

  it('wait while the server asks for a pause, those that were not yet sent too', async () => {
    let lists = 0;
    await using server = await startScriptedServer((request) => {
      const list = listAddress(request);
      if (list === undefined) return undefined;
      lists += 1;
      return lists === 1
        ? { status: 429, headers: { 'retry-after': '5' } }
        : { json: createPage(directionalRows(5), list.page, list.size, 'null') };
    });
    let now = 1_000_000;
    let waiting = 0;
    const [bothWait, pauseEnds] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const client = createQmlativClient({
      baseUrl: server.baseUrl,
      clientKey: 'key',
      clientSecret: 'secret',
      allowPrivateAddresses: true,
      concurrency: 2,
      now: () => now,
      delay: async () => {
        waiting += 1;
        if (waiting === 2) bothWait.resolve();
        await pauseEnds.promise;
      },
    });
    const read = () => client.readAll(qmlativObjects.Directional, { entityId: 1 });
    const all = Promise.all(Array.from({ length: 6 }, read));
    await bothWait.promise;
    expect(lists).toBeLessThanOrEqual(2);
    now += 5000;
    pauseEnds.resolve();
    for (const { rows } of await all) expect(rows).toHaveLength(5);
    expect(lists).toBe(7);
    await client.close();
  });
});
