/**
 * The report of a probe: API variants, permissions, and what an import would lack. Contains names of objects and
 * fields, counts and fixed terms, but never a value of a row.
 */
import type { NeededObject } from '../../districts/access-verification.ts';
import type { FieldForm, ListForm } from './list-form.ts';
import type { QmlativError } from '../http/qmlativ-error.ts';
import type { ObjectSample, Observations } from './observations.ts';
import type { ProbeOutcome } from './probe.ts';
import type { RejectionForm } from './rejection-form.ts';
import { readSwitches } from './switch-readings.ts';

/** `only-looks-granted`: a list without rows, or nothing instead of one. */
export type ObjectState = 'granted' | 'refused' | 'only-looks-granted' | 'not-asked';

/** `absent` and `without-value`: in all sampled rows, so maybe not allowed. */
export type FieldState =
  'granted' | 'refused' | 'absent' | 'without-value' | 'not-told' | 'not-asked';

export interface ReportedObject {
  readonly object: string;
  readonly required: boolean;
  readonly state: ObjectState;
  /** How it was rejected, or what was received instead of rows. */
  readonly how: string | null;
  readonly sampledRows: number;
  /** Fields by state, except allowed ones. */
  readonly fields: Readonly<Record<string, FieldState>>;
  /** How fields were rejected. */
  readonly refusedFields: Readonly<Record<string, string>>;
}

/** Something an import needs and would not get. */
export interface Need {
  readonly kind: 'authentication' | 'integration-token' | 'entity' | 'object' | 'field';
  /** Whether an import fails without it. */
  readonly isRequired: boolean;
  readonly sentence: string;
}

export interface ProbeReport {
  readonly report: 'daybreak-probe';
  readonly version: 1;
  /** Instant in UTC. */
  readonly when: string;
  readonly requests: number;
  readonly seconds: number;
  /** False if the probe was ended by its limits or by Skyward. */
  readonly isComplete: boolean;
  /** Requests without a response, for example because a list takes too long. */
  readonly unanswered: number;
  readonly stop: {
    readonly code: string;
    readonly message: string;
    readonly advice: string;
  } | null;
  readonly token: {
    /** The first form that works, in the order of an import. */
    readonly form: string | null;
    readonly tried: Readonly<Record<string, string>>;
    readonly sendsIntegrationToken: boolean;
  };
  readonly errors: readonly string[];
  readonly switches: Readonly<Record<string, string | null>>;
  /** Why a switch could not be determined. */
  readonly untold: Readonly<Record<string, string>>;
  readonly objects: readonly ReportedObject[];
  readonly needs: readonly Need[];
}

export function probeReport(
  outcome: ProbeOutcome,
  needed: readonly NeededObject[],
  when: Temporal.Instant,
): ProbeReport {
  const { seen, stop } = outcome;
  const readings = Object.entries(readSwitches(seen));
  const objects = needed.map((one) => reportedObject(seen, one));
  return {
    report: 'daybreak-probe',
    version: 1,
    when: when.toString({ smallestUnit: 'second' }),
    requests: outcome.requests,
    seconds: Math.round(outcome.seconds * 10) / 10,
    isComplete: stop === undefined && !outcome.reachedLimits && outcome.unanswered === 0,
    unanswered: outcome.unanswered,
    stop:
      stop === undefined ? null : { code: stop.code, message: hostFree(stop), advice: stop.advice },
    token: {
      form: seen.tokens.find(({ isTaken }) => isTaken)?.form ?? null,
      tried: Object.fromEntries(
        seen.tokens.map(({ form, isTaken, status }) => [
          form,
          isTaken ? 'taken' : `refused (status ${status})`,
        ]),
      ),
      sendsIntegrationToken: seen.sendsVendor,
    },
    errors: [...new Set(seen.errorForms)].toSorted(),
    switches: Object.fromEntries(readings.map(([name, { value }]) => [name, value])),
    untold: Object.fromEntries(
      readings.flatMap(([name, reading]) =>
        reading.value === null ? [[name, reading.reason]] : [],
      ),
    ),
    objects,
    needs: needsOf(outcome, needed, objects),
  };
}

/** Removes the host from the message of a redirect, the only error with one. */
const hostFree = ({ code, message }: QmlativError): string =>
  code === 'redirected' ? 'the server redirects elsewhere' : message;

function reportedObject(seen: Observations, needed: NeededObject): ReportedObject {
  const { object, required, requiredFields, optionalFields } = needed;
  const sample = seen.samples.get(object);
  const names = [...requiredFields, ...optionalFields];
  const lists = seen.lists.filter((list) => list.object === object);
  const states = names.map((name) => [name, fieldState(sample, lists, name)] as const);
  return {
    object,
    required,
    state: objectState(sample),
    how: howOf(sample),
    sampledRows: Math.max(0, ...lists.map(({ rows }) => rows)),
    fields: Object.fromEntries(states.filter(([, state]) => state !== 'granted')),
    refusedFields: Object.fromEntries(
      [...(sample?.rejectedFields ?? [])].map(([name, rejection]) => [
        name,
        formatRejection(rejection),
      ]),
    ),
  };
}

function objectState(sample: ObjectSample | undefined): ObjectState {
  if (sample === undefined) return 'not-asked';
  const { outcome } = sample;
  if (outcome.kind === 'refused') return 'refused';
  return outcome.kind === 'list' && outcome.list.rows > 0 ? 'granted' : 'only-looks-granted';
}

function howOf(sample: ObjectSample | undefined): string | null {
  if (sample === undefined) return null;
  const { outcome } = sample;
  if (outcome.kind === 'refused') return formatRejection(outcome.rejection);
  if (outcome.kind === 'nothing')
    return outcome.status === 204 ? 'an answer without content' : 'null in the place of the list';
  return outcome.list.rows > 0 ? null : 'an empty list';
}

const formatRejection = ({ status, form, namesField }: RejectionForm): string =>
  `status ${status}, ${errorLabels[form]}${namesField ? ', names the field' : ''}`;

const errorLabels = {
  error: 'JSON with an error',
  'errors-list': 'JSON with a list of errors',
  message: 'JSON with a message',
  text: 'plain text',
  html: 'a web page',
  other: 'another form',
  empty: 'no content',
} as const satisfies Record<RejectionForm['form'], string>;

function fieldState(
  sample: ObjectSample | undefined,
  lists: readonly ListForm[],
  field: string,
): FieldState {
  if (sample === undefined) return 'not-asked';
  if (sample.rejectedFields.has(field)) return 'refused';
  if (sample.unclearFields.includes(field)) return 'not-asked';
  const forms = lists.flatMap((list) => list.fields.get(field) ?? []);
  const rows = sum(forms, rowsOf);
  if (rows === 0) return 'not-told';
  if (sum(forms, ({ filled }) => filled) > 0) return 'granted';
  return sum(forms, ({ absent }) => absent) === rows ? 'absent' : 'without-value';
}

const rowsOf = (form: FieldForm): number =>
  form.absent + form.null + form.emptyText + form.zero + form.firstDay + form.lastDay + form.filled;

const sum = (forms: readonly FieldForm[], count: (form: FieldForm) => number): number =>
  forms.reduce((total, form) => total + count(form), 0);

/** Returns what is missing, as far as the responses show. */
function needsOf(
  { seen, stop }: ProbeOutcome,
  needed: readonly NeededObject[],
  objects: readonly ReportedObject[],
): Need[] {
  const needs: Need[] = [];
  const add = (kind: Need['kind'], isRequired: boolean, sentence: string) =>
    needs.push({ kind, isRequired, sentence });
  if (stop?.code === 'wrong-credentials' || stop?.code === 'access-denied') {
    add('authentication', true, 'Skyward issued no token for the client key and secret.');
    if (stop.code === 'wrong-credentials')
      add(
        'integration-token',
        true,
        seen.sendsVendor
          ? "Skyward may expect another of the vendor's integration tokens."
          : "Skyward may expect the vendor's integration token, which was not sent.",
      );
  }
  if (seen.entity !== undefined && seen.entity !== 'picked')
    add(
      'entity',
      true,
      "The district's entity is not among the Custom API Entities of the Integration Access.",
    );
  if (seen.entityFrom === 'assumed')
    add(
      'entity',
      true,
      "The system's metadata do not tell the district's entity, so it has to be given (daybreak district set --entity-id).",
    );
  for (const [place, { requiredFields }] of needed.entries()) {
    const reported = objects[place];
    if (reported === undefined) continue;
    const { object, required, state, how, fields } = reported;
    if (state === 'refused') add('object', required, `${object} is not granted (${how}).`);
    else if (state === 'only-looks-granted')
      add('object', required, `${object} may not be granted (${how}).`);
    for (const [field, came] of Object.entries(fields)) {
      const isRequired = required && requiredFields.includes(field);
      if (came === 'refused') add('field', isRequired, `${object} ${field} is not granted.`);
      else if (came === 'absent')
        add('field', isRequired, `${object} ${field} came in no sampled row.`);
      else if (came === 'without-value' && isRequired)
        add('field', false, `${object} ${field} had a value in no sampled row.`);
    }
  }
  return needs.toSorted((one, other) => Number(other.isRequired) - Number(one.isRequired));
}
