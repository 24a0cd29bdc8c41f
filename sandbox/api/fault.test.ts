/** Tests that requested faults occur where and as often as requested. */
import { describe, expect, it } from 'vitest';
import type { Fault } from './fault.ts';
import { requestToken, signIn } from './sandbox-client.ts';
import { createSandbox } from '../sandbox.ts';

async function createTestSandbox(fault: Fault) {
  const sandbox = createSandbox({ students: 60, today: '2026-11-23' });
  const call = await signIn(sandbox);
  const page = (number: number) =>
    call(`/Custom/2/Student/Student/${number}/10?searchFields=StudentID`);
  const real = [await page(1), await page(2)];
  sandbox.faults.add(fault);
  return { sandbox, page, real };
}

describe('faults', () => {
  it.each([
    ['status-401', 401, /denied/u],
    ['status-403', 403, /denied/u],
    ['status-500', 500, /unexpected/u],
    ['status-503', 503, /unavailable/u],
    ['status-429', 429, /Too many/u],
    ['expired-token', 403, /Token has expired/u],
    ['html', 200, /^<!DOCTYPE html>/u],
    ['wrong-json', 200, /not a list/u],
    ['cut-body', 200, /^\{"Objects":\[\{[^\]]*$/u],
  ] as const)('%s hits one page once', async (kind, status, text) => {
    const { page, real } = await createTestSandbox({ kind, object: 'Student/Student', page: 2 });
    expect((await page(1)).text).toBe(real[0]?.text);
    const faulty = await page(2);
    expect(faulty.status).toBe(status);
    expect(faulty.text).toMatch(text);
    expect((await page(2)).text).toBe(real[1]?.text);
  });

  it('send Retry-After for too many requests', async () => {
    const { page } = await createTestSandbox({ kind: 'status-429' });
    expect((await page(1)).headers.get('retry-after')).toBe('1');
  });

  it.each([
    ['duplicate-page', 10],
    ['empty-page', 0],
    ['short-page', 5],
  ] as const)('%s changes the rows and still names the next page', async (kind, rows) => {
    const { page, real } = await createTestSandbox({ kind, page: 2 });
    const faulty = await page(2);
    expect(faulty.rows.length).toBe(rows);
    expect(faulty.next).toBe(real[1]?.next);
  });

  it('duplicate-page returns the rows of the previous page', async () => {
    const { page, real } = await createTestSandbox({ kind: 'duplicate-page', page: 2 });
    expect((await page(2)).rows).toEqual(real[0]?.rows);
  });

  it('missing-page and shrinking-list shift the rows', async () => {
    const { sandbox, page, real } = await createTestSandbox({ kind: 'missing-page', page: 1 });
    expect((await page(1)).rows).toEqual(real[1]?.rows);
    sandbox.faults.add({ kind: 'shrinking-list', page: 1 });
    expect((await page(1)).rows).toEqual([
      ...(real[0]?.rows.slice(1) ?? []),
      ...(real[1]?.rows.slice(0, 1) ?? []),
    ]);
  });

  it('slow, unknown-field and wrong-type return every row', async () => {
    const { sandbox, page, real } = await createTestSandbox({ kind: 'slow', page: 1 });
    expect((await page(1)).rows).toEqual(real[0]?.rows);
    sandbox.faults.add({ kind: 'unknown-field', page: 1 });
    expect((await page(1)).rows[0]).toEqual({ ...real[0]?.rows[0], NewInVersion: [1] });
    sandbox.faults.add({ kind: 'wrong-type', page: 1 });
    expect((await page(1)).rows[0]).toEqual({ StudentID: { Value: 'not what it was' } });
  });

  it('persist if requested, until they are cleared', async () => {
    const { sandbox, page, real } = await createTestSandbox({ kind: 'status-500', times: 'ever' });
    expect([(await page(1)).status, (await page(1)).status, (await page(2)).status]).toEqual([
      500, 500, 500,
    ]);
    sandbox.faults.clear();
    expect((await page(1)).text).toBe(real[0]?.text);
  });

  it('affect the token endpoint by its name', async () => {
    const { sandbox } = await createTestSandbox({ kind: 'html', object: 'oauth/token' });
    expect((await requestToken(sandbox)).text).toMatch(/^<!DOCTYPE/u);
    expect((await requestToken(sandbox)).status).toBe(200);
  });

  it('leave a hanging request open until the sandbox stops', async () => {
    const { sandbox, page } = await createTestSandbox({ kind: 'hang' });
    const hanging = page(1);
    sandbox.stop();
    expect((await hanging).status).toBe(503);
  });
});
