/** Which students count as changed. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StudentFingerprint } from './fingerprints.ts';
import { PublishedFingerprints } from './published-fingerprints.ts';

const receivedRow = (
  studentId: number,
  fingerprint: bigint,
  isEnrolled = true,
): StudentFingerprint => ({
  sisStudentId: studentId,
  personId: studentId + 1000,
  fingerprint,
  isEnrolled,
});

function publishedOf(students: Readonly<Record<number, bigint | undefined>>) {
  const kept: bigint[] = [];
  const other: bigint[] = [];
  for (const [id, fingerprint] of Object.entries(students)) {
    if (fingerprint === undefined) other.push(BigInt(id));
    else kept.push(BigInt(id), fingerprint);
  }
  return new PublishedFingerprints(BigInt64Array.from(kept), BigInt64Array.from(other));
}

const differing = (
  published: PublishedFingerprints,
  students: readonly StudentFingerprint[],
  adopted: readonly number[] = [],
) =>
  [...published.differing(students, new Set(adopted))].map(
    ({ sisStudentId: studentId }) => studentId,
  );

describe('a student counts as changed', () => {
  test('when the received fingerprint differs from the published one, including negative ones', () => {
    const published = publishedOf({ 1: 5n, 2: -5n, 3: -(2n ** 63n) });
    const received = [receivedRow(1, 5n), receivedRow(2, 5n), receivedRow(3, -(2n ** 63n))];
    expect(differing(published, received)).toEqual([2]);
  });

  test('when the published record has no fingerprint', () => {
    expect(differing(publishedOf({ 1: undefined }), [receivedRow(1, 0n)])).toEqual([1]);
  });

  test('when new, if there is any enrollment or a published record of the same number', () => {
    const received = [receivedRow(1, 1n), receivedRow(2, 1n, false), receivedRow(3, 1n, false)];
    expect(differing(publishedOf({}), received, [3])).toEqual([1, 3]);
  });

  test('when published and received without any enrollment, if that is a change', () => {
    const published = publishedOf({ 1: 1n, 2: 1n });
    expect(differing(published, [receivedRow(1, 1n, false), receivedRow(2, 2n, false)])).toEqual([
      2,
    ]);
  });
});

test('returns ids in order, and their number', () => {
  const published = publishedOf({ 3: 1n, 10: undefined });
  expect([...published.ids()]).toEqual([3, 10]);
  expect(published.size).toBe(2);
  expect([published.has(10), published.has(4)]).toEqual([true, false]);
});

test('finds all ids and no others', () => {
  const id = fc.integer({ min: 1, max: 300 });
  const fingerprint = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const students = fc.dictionary(id.map(String), fc.option(fingerprint, { nil: undefined }));
  fc.assert(
    fc.property(
      students,
      fc.array(fc.tuple(id, fc.bigInt({ min: 0n, max: 2n }))),
      (known, received) => {
        const published = publishedOf(known);
        const lookedUp = received.map(([studentId, other]) =>
          receivedRow(studentId, (known[studentId] ?? 0n) ^ other, false),
        );
        expect(differing(published, lookedUp)).toEqual(
          lookedUp
            .filter(({ sisStudentId: studentId }) => studentId in known)
            .filter((one) => known[one.sisStudentId] !== one.fingerprint)
            .map(({ sisStudentId: studentId }) => studentId),
        );
        for (let one = 1; one <= 300; one++) expect(published.has(one)).toBe(one in known);
        expect(published.size).toBe(Object.keys(known).length);
      },
    ),
  );
});
