import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  type Finding,
  type FindingCode,
  verifyAccess,
  type VerificationOptions,
} from './access-verification.ts';
import type { IntegrationAccess } from './partner-interface.ts';

const today = Temporal.PlainDate.from('2026-11-23');
const districtEntity = { entityId: 2, name: '000 - Larkspur ISD', isDistrictEntity: true };
const high = { entityId: 3, name: '001 - High School', isDistrictEntity: false };
const middle = { entityId: 4, name: '041 - Middle School', isDistrictEntity: false };

const access = (given: Partial<IntegrationAccess> = {}): IntegrationAccess => ({
  accessId: 1,
  name: 'Nightly',
  key: 'larkspur',
  authenticationType: 'OAuth 2.0',
  isActive: true,
  effectiveDate: today,
  expirationDate: today.add({ years: 1 }),
  entities: [districtEntity, high, middle],
  permissions: [{ object: 'Student/Student', fields: ['StudentID', 'NameID', 'Grade'] }],
  hasSecret: false,
  ...given,
});

const verify = (order: Partial<VerificationOptions> = {}) =>
  verifyAccess({
    accesses: [access()],
    entities: [districtEntity, high, middle],
    neededObjects: [
      {
        object: 'Student/Student',
        required: true,
        requiredFields: ['StudentID', 'NameID'],
        optionalFields: ['Grade'],
      },
    ],
    expectedKey: null,
    today,
    ...order,
  });

const blocking = (findings: readonly Finding[]): FindingCode[] =>
  findings.filter(({ blocks }) => blocks).map(({ code }) => code);

it('a record created as in the guide is ready (R9 to R13)', () => {
  expect(verify()).toMatchObject({ isReady: true, findings: [], access: { key: 'larkspur' } });
});

describe('Verify names what blocks (R19)', () => {
  it.each<[FindingCode, Partial<VerificationOptions>, RegExp]>([
    ['record-not-found', { accesses: [] }, /no Integration Access record/],
    ['record-not-found', { accesses: [], expectedKey: 'x' }, /no Integration Access record/],
    ['key-differs', { expectedKey: 'Larkspur' }, /Key "Larkspur"; there is "larkspur"/],
    ['inactive', { accesses: [access({ isActive: false })] }, /"Nightly" is not active/],
    [
      'not-yet-effective',
      { accesses: [access({ effectiveDate: today.add({ days: 1 }) })] },
      /November 24, 2026/,
    ],
    [
      'expired',
      { accesses: [access({ expirationDate: today.subtract({ days: 1 }) })] },
      /expired on November 22, 2026/,
    ],
    [
      'wrong-authentication-type',
      { accesses: [access({ authenticationType: 'OAuth 1.0a' })] },
      /"OAuth 1.0a"/,
    ],
    [
      'district-entity-missing',
      { accesses: [access({ entities: [high, middle] })] },
      /000 - Larkspur ISD/,
    ],
    [
      'school-entities-missing',
      { accesses: [access({ entities: [districtEntity] })] },
      /2 schools are not selected/,
    ],
    ['objects-missing', { accesses: [access({ permissions: [] })] }, /Student\/Student/],
    [
      'fields-missing',
      {
        accesses: [access({ permissions: [{ object: 'Student/Student', fields: ['StudentID'] }] })],
      },
      /Student\/Student\.NameID/,
    ],
  ])('%s', (code, order, message) => {
    const { findings, isReady } = verify(order);
    expect(isReady).toBe(false);
    expect(blocking(findings)).toEqual([code]);
    expect(findings.find((finding) => finding.code === code)?.message).toMatch(message);
    expect(findings.every(({ advice }) => advice.length > 20)).toBe(true);
  });

  it('and only warns of what an import does not need', () => {
    const { findings, isReady } = verify({
      accesses: [
        access({
          entities: [districtEntity, high],
          expirationDate: today.add({ days: 30 }),
          permissions: [{ object: 'student/student', fields: ['studentid', 'nameid'] }],
        }),
      ],
    });
    expect(isReady).toBe(true);
    expect(new Set(findings.map(({ code }) => code))).toEqual(
      new Set(['school-entities-missing', 'expires-soon', 'fields-missing']),
    );
  });

  it('an access without an expiration date never expires (R11); others work through their last day', () => {
    expect(verify({ accesses: [access({ expirationDate: null })] }).findings).toEqual([]);
    expect(verify({ accesses: [access({ expirationDate: today })] })).toMatchObject({
      isReady: true,
      findings: [{ code: 'expires-soon' }],
    });
  });
});

it('of several records the best match is checked, or the one with the expected key', () => {
  const broken = access({ accessId: 2, key: 'old', isActive: false });
  expect(verify({ accesses: [broken, access()] }).access?.key).toBe('larkspur');
  expect(verify({ accesses: [broken, access()], expectedKey: 'old' }).access?.key).toBe('old');
});

it('is ready exactly if no finding blocks, and lists blocking findings first', () => {
  const anyAccess = fc
    .record({
      isActive: fc.boolean(),
      effective: fc.integer({ min: -40, max: 40 }),
      expiration: fc.option(fc.integer({ min: -40, max: 400 })),
      type: fc.constantFrom('OAuth 2.0', 'OAuth 1.0a', 'Any'),
      entities: fc.subarray([districtEntity, high, middle]),
    })
    .map(({ isActive, effective, expiration, type, entities }) =>
      access({
        isActive,
        effectiveDate: today.add({ days: effective }),
        expirationDate: expiration === null ? null : today.add({ days: expiration }),
        authenticationType: type,
        entities,
      }),
    );
  fc.assert(
    fc.property(fc.array(anyAccess, { maxLength: 3 }), (accesses) => {
      const { findings, isReady, access: chosen } = verify({ accesses });
      expect(isReady).toBe(blocking(findings).length === 0);
      expect(findings.map(({ blocks }) => blocks)).toEqual(
        findings.map(({ blocks }) => blocks).toSorted((a, b) => Number(b) - Number(a)),
      );
      const works =
        chosen !== undefined &&
        chosen.isActive &&
        ['OAuth 2.0', 'Any'].includes(chosen.authenticationType) &&
        Temporal.PlainDate.compare(chosen.effectiveDate, today) <= 0 &&
        (chosen.expirationDate === null ||
          Temporal.PlainDate.compare(chosen.expirationDate, today) >= 0) &&
        chosen.entities.some(({ isDistrictEntity }) => isDistrictEntity) &&
        chosen.entities.some(({ isDistrictEntity }) => !isDistrictEntity);
      expect(isReady).toBe(works);
    }),
  );
});
