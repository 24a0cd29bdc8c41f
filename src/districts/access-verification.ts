/**
 * Verify: finds what is missing in a district's integration access record (R19). Pure.
 *
 * This folder is for districts: their settings, sealed credentials, notices, and connecting them to Skyward.
 */
import { formatLongDay } from '../contract/day-format.ts';
import type { ConnectionCheckOutcome } from './connection-check-port.ts';
import type { IntegrationAccess, PartnerEntity } from './partner-interface.ts';

export type FindingCode =
  | 'record-not-found'
  | 'key-differs'
  | 'inactive'
  | 'not-yet-effective'
  | 'expired'
  | 'expires-soon'
  | 'wrong-authentication-type'
  | 'district-entity-missing'
  | 'school-entities-missing'
  | 'objects-missing'
  | 'fields-missing'
  | 'skyward-responds'
  | 'skyward-incomplete'
  | 'skyward-rejects';

/** Something that Verify found. `blocks`: it must be fixed before the integration can be completed. */
export interface Finding {
  readonly code: FindingCode;
  readonly blocks: boolean;
  /** What is wrong. */
  readonly message: string;
  /** What the district should do in Skyward, with the labels of its screens. */
  readonly advice: string;
}

/** An object that an import reads. Without a required object or field, no import is possible. */
export interface NeededObject {
  readonly object: string;
  readonly required: boolean;
  readonly requiredFields: readonly string[];
  readonly optionalFields: readonly string[];
}

export interface VerificationOptions {
  /** All accesses of our product that the district has. */
  readonly accesses: readonly IntegrationAccess[];
  /** Every entity that the district could select. */
  readonly entities: readonly PartnerEntity[];
  readonly neededObjects: readonly NeededObject[];
  /** The Key that the district gave us, if any. */
  readonly expectedKey: string | null;
  /** The district's own date. */
  readonly today: Temporal.PlainDate;
}

export interface Verification {
  /** The record that was checked: the one with the expected key, otherwise the best match. */
  readonly access: IntegrationAccess | undefined;
  /** Blocking ones first. */
  readonly findings: readonly Finding[];
  readonly isReady: boolean;
}

const path =
  'Administrative Access > API > Integration > SameGoal Demographics > Integration Accesses';
const expiresSoonDays = 30;

/** Checks the district's record and returns everything that is missing or expires soon. */
export function verifyAccess(options: VerificationOptions): Verification {
  const byFit = options.accesses.toSorted(
    (a, b) => fitScore(b, options) - fitScore(a, options) || b.accessId - a.accessId,
  );
  const access =
    options.expectedKey === null
      ? byFit[0]
      : options.accesses.find(({ key }) => key === options.expectedKey);
  const findings =
    access === undefined
      ? [recordNotFound(options)]
      : [
          ...stateFindings(access, options.today),
          ...entityFindings(access, options.entities),
          ...permissionFindings(access, options.neededObjects),
        ];
  const sorted = findings.toSorted((a, b) => Number(b.blocks) - Number(a.blocks));
  return { access, findings: sorted, isReady: !findings.some(({ blocks }) => blocks) };
}

/** The record with the fewest blocking findings is most likely the intended one. */
const fitScore = (access: IntegrationAccess, { today, entities }: VerificationOptions): number =>
  -[...stateFindings(access, today), ...entityFindings(access, entities)].filter(
    ({ blocks }) => blocks,
  ).length;

function recordNotFound({ accesses, expectedKey }: VerificationOptions): Finding {
  if (expectedKey === null || accesses.length === 0) {
    return {
      code: 'record-not-found',
      blocks: true,
      message: 'The district has no Integration Access record for SameGoal Demographics.',
      advice: `In Skyward, go to ${path} and click Add Integration Access.`,
    };
  }
  const keys = accesses.map(({ key }) => `"${key}"`).join(', ');
  return {
    code: 'key-differs',
    blocks: true,
    message: `No Integration Access record has the Key "${expectedKey}"; there ${accesses.length === 1 ? 'is' : 'are'} ${keys}.`,
    advice: 'Ask the district which Key is right, or change the Key of the record in Skyward.',
  };
}

function stateFindings(access: IntegrationAccess, today: Temporal.PlainDate): Finding[] {
  const findings: Finding[] = [];
  const add = (code: FindingCode, blocks: boolean, message: string, advice: string) =>
    findings.push({ code, blocks, message, advice });
  const named = `The Integration Access "${access.name}"`;
  if (!access.isActive) {
    add('inactive', true, `${named} is not active.`, `Open it under ${path} and check Is Active.`);
  }
  if (access.authenticationType !== 'OAuth 2.0') {
    const acceptsAny = access.authenticationType.trim().toLowerCase() === 'any';
    add(
      'wrong-authentication-type',
      !acceptsAny,
      `${named} has the Authentication Type "${access.authenticationType}".`,
      acceptsAny
        ? 'OAuth 2.0 works with it, and Skyward recommends it to some vendors. OAuth 2.0 is stricter.'
        : 'Set its Authentication Type to OAuth 2.0.',
    );
  }
  if (Temporal.PlainDate.compare(access.effectiveDate, today) > 0) {
    add(
      'not-yet-effective',
      true,
      `${named} takes effect on ${formatLongDay(access.effectiveDate)}.`,
      'Wait until then, or set an earlier Effective Date.',
    );
  }
  findings.push(...expirationFindings(access, today));
  return findings;
}

/** An access works through its Expiration Date. */
function expirationFindings(
  { name, expirationDate }: IntegrationAccess,
  today: Temporal.PlainDate,
): Finding[] {
  if (expirationDate === null) return [];
  const days = today.until(expirationDate, { largestUnit: 'day' }).days;
  const advice = 'Extend its Expiration Date, or delete the date so that it never expires.';
  if (days < 0) {
    const message = `The Integration Access "${name}" expired on ${formatLongDay(expirationDate)}.`;
    return [{ code: 'expired', blocks: true, message, advice }];
  }
  if (days > expiresSoonDays) return [];
  const message = `The Integration Access "${name}" expires on ${formatLongDay(expirationDate)}, ${days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`}.`;
  return [{ code: 'expires-soon', blocks: false, message, advice }];
}

function entityFindings(access: IntegrationAccess, entities: readonly PartnerEntity[]): Finding[] {
  const chosen = new Set(access.entities.map(({ entityId }) => entityId));
  const missing = entities.filter(({ entityId }) => !chosen.has(entityId));
  const districts = missing.filter(({ isDistrictEntity }) => isDistrictEntity);
  const schools = missing.filter(({ isDistrictEntity }) => !isDistrictEntity);
  const advice = `Under ${path}, open "${access.name}" and select them under Custom API Entities.`;
  return [
    ...(districts.length === 0
      ? []
      : [
          {
            code: 'district-entity-missing',
            blocks: true,
            message: `The District Entity is not selected: ${formatNames(districts.map(({ name }) => name))}.`,
            advice,
          } as const,
        ]),
    ...(schools.length === 0
      ? []
      : [
          {
            code: 'school-entities-missing',
            // A district may exclude schools (R12), but without any school there are no students.
            blocks: schools.length === entities.filter((one) => !one.isDistrictEntity).length,
            message: `${schools.length === 1 ? 'One school is' : `${schools.length} schools are`} not selected, so the students there are not imported: ${formatNames(schools.map(({ name }) => name))}.`,
            advice: `${advice} If they are excluded on purpose, continue.`,
          } as const,
        ]),
  ];
}

function permissionFindings(access: IntegrationAccess, needed: readonly NeededObject[]): Finding[] {
  const granted = new Map(
    access.permissions.map(({ object, fields }) => [
      object.toLowerCase(),
      new Set(fields.map((field) => field.toLowerCase())),
    ]),
  );
  const absent = needed.filter(({ object }) => !granted.has(object.toLowerCase()));
  const missingFields = (blocks: boolean) =>
    needed.flatMap(({ object, requiredFields, optionalFields }) => {
      const fields = granted.get(object.toLowerCase());
      if (fields === undefined) return [];
      return (blocks ? requiredFields : optionalFields)
        .filter((field) => !fields.has(field.toLowerCase()))
        .map((field) => `${object}.${field}`);
    });
  const advice =
    'Ask Skyward to approve them for the product SameGoal Demographics (Custom API Permissions).';
  const without = 'Imports work without them.';
  return [true, false].flatMap((blocks): Finding[] => {
    const objects = absent
      .filter(({ required }) => required === blocks)
      .map(({ object }) => object);
    const fields = missingFields(blocks);
    return [
      ...(objects.length === 0
        ? []
        : [
            {
              code: 'objects-missing',
              blocks,
              message: `The access may not read ${blocks ? 'objects that an import needs' : 'some optional objects'}: ${formatNames(objects)}.`,
              advice: blocks ? advice : `${advice} ${without}`,
            } as const,
          ]),
      ...(fields.length === 0
        ? []
        : [
            {
              code: 'fields-missing',
              blocks,
              message: `The access may not read ${blocks ? 'fields that an import needs' : 'some optional fields'}: ${formatNames(fields)}.`,
              advice: blocks ? advice : `${advice} ${without}`,
            } as const,
          ]),
    ];
  });
}

/** Transient errors, which say nothing about the record. */
const transientCodes: ReadonlySet<string> = new Set([
  'unreachable',
  'timeout',
  'server-error',
  'rate-limited',
]);

/** Returns findings about the test of key and secret with Skyward. */
export function connectionFindings(outcome: ConnectionCheckOutcome): Finding[] {
  if (outcome.kind === 'problem') {
    const { code, message, advice } = outcome;
    const sentence = `The test of this key and secret failed: ${message}.`;
    return [
      { code: 'skyward-rejects', blocks: !transientCodes.has(code), message: sentence, advice },
    ];
  }
  const advice =
    'Ask Skyward to approve it for the integration, and check the Custom API Entities of the record.';
  return [
    { code: 'skyward-responds', blocks: false, message: outcome.summary, advice: '' },
    ...outcome.problems.map((message): Finding => ({
      code: 'skyward-incomplete',
      blocks: true,
      message,
      advice,
    })),
  ];
}

const maxNames = 12;

/** Joins names with commas; a long list is cut. */
const formatNames = (names: readonly string[]): string =>
  names.length <= maxNames
    ? names.join(', ')
    : `${names.slice(0, maxNames).join(', ')} and ${names.length - maxNames} more`;
