/**
 * Determines the value of each switch (a point in which servers differ) from the observed forms. Names and values are
 * those of the sandbox's switches, so that it can imitate the server. Undetermined switches have a reason.
 */
import type { FieldForm, ListForm } from './list-form.ts';
import type { ObjectSample, Observations, Variant } from './observations.ts';

/** The value of a switch, or why it is undetermined. */
export type Reading =
  { readonly value: string } | { readonly value: null; readonly reason: string };

type Read = (seen: Observations) => Reading;

const found = (value: string): Reading => ({ value });
const unknown = (reason: string): Reading => ({ value: null, reason });

const notAsked = unknown('not asked: the probe ended before');
const otherForm = unknown('came in a form that is not among the known ones');

/** Returns the value for a variant of a request. */
const byVariant =
  (pick: (seen: Observations) => Variant | undefined, taken: string, refused: string): Read =>
  (seen) => {
    const variant = pick(seen);
    return variant === undefined ? notAsked : found(variant === 'taken' ? taken : refused);
  };

export const switchReadings = {
  'token-form'({ tokens }) {
    const isTaken = (form: RegExp) => {
      const tried = tokens.filter((one) => form.test(one.form));
      return tried.length === 0 ? undefined : tried.some((one) => one.isTaken);
    };
    if (isTaken(/^post-form/) === true) {
      const basic = isTaken(/basic/);
      if (basic === undefined) return notAsked;
      return found(basic ? 'any' : 'post-form');
    }
    if (isTaken(/^post-basic/) === true) return found('post-basic');
    if (isTaken(/^get-basic/) === true) return found('get-basic');
    return unknown('no token came in any form');
  },
  'integration-token'({ sendsVendor, withoutVendor, tokens }) {
    if (!tokens.some(({ isTaken }) => isTaken))
      return unknown(
        'no token came: key and secret are wrong, or Skyward expects another integration token',
      );
    if (!sendsVendor) return found('ignored');
    if (withoutVendor === undefined) return notAsked;
    return found(withoutVendor === 'taken' ? 'ignored' : 'required');
  },
  'token-status'({ tokenResponse }) {
    if (tokenResponse === undefined) return unknown('no token came');
    const { status } = tokenResponse;
    return status === 200 || status === 201 ? found(`status-${status}`) : otherForm;
  },
  'token-response'({ tokenResponse }) {
    if (tokenResponse === undefined) return unknown('no token came');
    const { hasOthers, lifetime } = tokenResponse;
    if (lifetime === 'text') return found('lifetime-as-text');
    if (lifetime === 'number') return found('full');
    return hasOthers ? otherForm : found('token-only');
  },
  'live-tokens': byVariant(({ olderToken }) => olderToken, 'many', 'newest-only'),
  'path-case'({ documentedPath, lowerPrefix, lowerPath }) {
    if (documentedPath === 'refused' && lowerPrefix === 'taken') return found('lower-prefix');
    if (documentedPath !== 'taken' || lowerPath === undefined) return notAsked;
    return found(lowerPath === 'taken' ? 'any' : 'as-documented');
  },
  'generic-prefix': byVariant(({ genericPrefix }) => genericPrefix, 'works', 'refused'),
  'system-metadata'({ metadata }) {
    if (metadata === undefined) return notAsked;
    return metadata === 'other' ? otherForm : found(metadata);
  },
  'field-metadata'({ fieldMetadata }) {
    if (fieldMetadata === undefined) return notAsked;
    return fieldMetadata === 'other' ? otherForm : found(fieldMetadata);
  },
  'entity-picker'({ entity }) {
    if (entity === undefined) return notAsked;
    return entity === 'refused' ? otherForm : found(entity);
  },
  'envelope-case'({ lists }) {
    const [first] = lists;
    if (first === undefined) return unknown('no list came');
    return first.envelope === 'other' ? otherForm : found(first.envelope);
  },
  'field-case'({ lists }) {
    const cases = new Set(lists.flatMap(({ memberCase }) => memberCase ?? []));
    if (cases.size === 0) return unknown('no row came');
    // A short name is the same in two of the forms.
    const order = ['other', 'lower', 'upper', 'lower-first', 'asked'] as const;
    const [first] = cases;
    const value = cases.size === 1 ? first : order.find((one) => cases.has(one));
    return value === undefined || value === 'other' ? otherForm : found(value);
  },
  'row-extras'({ lists }) {
    if (lists.length === 0) return unknown('no list came');
    return found(lists.some(({ hasExtras }) => hasExtras) ? 'some' : 'none');
  },
  'next-form'({ firstPage }) {
    if (firstPage === undefined) return unknown('no list of several pages came');
    const { next } = firstPage;
    if (next === 'absent' || next === 'null' || next === 'empty')
      return next === 'absent' ? found('none') : otherForm;
    return next === 'other' ? otherForm : found(next);
  },
  'last-next'({ firstPage, lastPage }) {
    if (lastPage === undefined) return unknown('no last page came');
    if (firstPage?.next === 'absent') return unknown('no page names the next one');
    const { next, nextPage } = lastPage;
    if (next === 'absent' || next === 'null' || next === 'empty') return found(next);
    return nextPage === 1 ? found('own-address') : otherForm;
  },
  'past-the-end'({ pastTheEnd }) {
    if (pastTheEnd === undefined) return notAsked;
    return pastTheEnd === 'other' ? otherForm : found(pastTheEnd);
  },
  'page-size'({ pageSize }) {
    if (pageSize === undefined) return notAsked;
    if (pageSize.kind === 'refused')
      return pageSize.isOver100Rejected ? found('refused-over-100') : otherForm;
    const { rows, usedSize, hasMore } = pageSize;
    if (usedSize === 50) return found('capped-at-50');
    if (usedSize !== undefined || rows > 50) return found('any');
    if (!hasMore) return unknown('no list had more than fifty rows');
    // Rows may be removed from a page after paging.
    return rows > 40 ? found('capped-at-50') : otherForm;
  },
  sort({ sorted, lists }) {
    if (sorted === undefined) return notAsked;
    if (sorted.kind === 'refused') {
      const isOther = lists.some(({ order }) => order === 'neither');
      return isOther
        ? unknown('rejected, and rows come in another order than that of keys')
        : found('refused');
    }
    if (sorted.order === undefined) return unknown('too few rows to tell an order');
    return found(
      {
        descending: 'obeyed',
        ascending: 'ignored-in-key-order',
        neither: 'ignored-in-other-order',
      }[sorted.order],
    );
  },
  'empty-group': byVariant(({ emptyGroup }) => emptyGroup, 'taken', 'refused'),
  'nested-groups': byVariant(({ nestedGroups }) => nestedGroups, 'taken', 'refused'),
  'condition-kind': byVariant(({ otherKind }) => otherKind, 'any', 'fits-type'),
  'school-year'({ schoolYear }) {
    if (schoolYear === undefined)
      return unknown('not asked: the school years are not known, or the probe ended before');
    const { withoutParameter, withCurrent, withEarlier } = schoolYear;
    if (withCurrent > 0) return found('context-only');
    if (withoutParameter > 0) return found('filter');
    return (withEarlier ?? 0) > 0
      ? found('current-when-blank')
      : unknown('no rows of an earlier school year came');
  },
  'dotted-fields'({ dotted }) {
    return dotted === undefined ? notAsked : found(dotted);
  },
  'list-not-granted': (seen) =>
    ofObject(seen, 'Demographics/NameEmail', [
      'refused-403',
      'refused-404',
      'refused-400',
      'refused-401',
      'refused-500',
      'error-with-200',
      'null-list',
      'empty-list',
    ]),
  'table-not-granted': (seen) =>
    ofObject(seen, 'Demographics/Relationship', ['refused-403', 'refused-404', 'empty-list']),
  'required-not-granted': (seen) =>
    ofObject(seen, 'Enrollment/WithdrawalCode', ['refused-403', 'empty-list']),
  'field-not-granted': (seen) => ofField(seen, 'Demographics/Name', 'MiddleName'),
  'required-field-not-granted': (seen) =>
    ofField(seen, 'Enrollment/EntryWithdrawal', 'EndDate', [
      'granted',
      'absent',
      'null-for-all',
      'refused-by-name',
    ]),
  'error-body'({ errorForms }) {
    const forms = [...new Set(errorForms)].filter((form) => form !== 'empty');
    if (forms.length === 0) return unknown('nothing was rejected with a message');
    const [form] = forms;
    return forms.length > 1 || form === 'other' || form === undefined ? otherForm : found(form);
  },
  'missing-value'({ lists }) {
    const fields = lists.flatMap((list) => [...list.fields.values()]);
    if (fields.some((field) => field.null > 0) || lists.some((list) => list.relatedNull > 0))
      return found('null');
    const isPartly = fields.some((field) => field.absent > 0 && valued(field) > 0);
    const isRelatedPartly = lists.some(
      (list) => list.nesting === 'nested' && list.relatedAbsent > 0,
    );
    if (isPartly || isRelatedPartly) return found('absent');
    return unknown('every row had a value in every field');
  },
  'missing-text'(seen) {
    const fields = fieldsOf(seen, 'text');
    const isEmpty = fields.some((field) => field.emptyText > 0 && field.null === 0);
    const isNull = fields.some(isMissing);
    if (isEmpty) return found('empty');
    return isNull ? found('null') : unknown('every text had a value');
  },
  'missing-id'(seen) {
    const fields = fieldsOf(seen, 'id');
    if (fields.some((field) => field.zero > 0)) return found('zero');
    return fields.some(isMissing) ? found('null') : unknown('every id had a value');
  },
  'missing-date'(seen) {
    const fields = fieldsOf(seen, 'date');
    if (fields.some((field) => field.firstDay > 0)) return found('first-day-of-dotnet');
    if (fields.some((field) => field.lastDay > 0)) return found('last-day-of-dotnet');
    if (fields.some((field) => field.emptyText > 0)) return found('empty');
    return fields.some(isMissing) ? found('null') : unknown('every date had a value');
  },
  'date-form'(seen) {
    const forms = new Set(fieldsOf(seen, 'date').flatMap((field) => [...field.dateForms]));
    const [form] = forms;
    if (form === undefined) return unknown('no date came');
    return forms.size > 1 || form === 'other' ? otherForm : found(form);
  },
  'byte-order-mark'({ wires }) {
    if (wires.some(({ form }) => form.charset === 'latin-1'))
      return unknown('Latin-1 has no byte order mark');
    const lists = wires.filter(({ isList }) => isList);
    if (lists.length === 0) return unknown('no list came');
    if (!lists.some(({ form }) => form.hasMark)) return found('none');
    const others = wires.filter(({ isList }) => !isList);
    return found(others.every(({ form }) => form.hasMark) ? 'everywhere' : 'lists-only');
  },
  charset({ wires }) {
    const charsets = new Set(wires.map(({ form }) => form.charset));
    if (charsets.has('mislabeled')) return found('mislabeled');
    const [charset] = charsets;
    if (charset === undefined) return unknown('no answer came');
    if (charsets.size > 1 || charset === 'other') return otherForm;
    const isTold = charset !== 'utf-8' || wires.some(({ form }) => form.hasAccents);
    return isTold ? found(charset) : unknown('no letter beyond ASCII came');
  },
  'content-encoding'({ wires }) {
    const packings = new Set(wires.map(({ form }) => form.packing));
    const [packing] = packings;
    if (packing === undefined) return unknown('no answer came');
    return packings.size > 1 || packing === 'other' ? otherForm : found(packing);
  },
  'withdrawal-date'({ lists }) {
    const sum = { same: 0, nextDay: 0, onWeekend: 0, later: 0 };
    for (const { withdrawals } of lists)
      for (const name of ['same', 'nextDay', 'onWeekend', 'later'] as const)
        sum[name] += withdrawals[name];
    const all = sum.same + sum.nextDay + sum.later;
    if (all === 0) return unknown('no enrollment came with both dates');
    if (sum.same === all) return found('end-date');
    if (sum.onWeekend === 0 && sum.later > 0 && sum.same === 0) return found('next-school-day');
    if (sum.nextDay === all && sum.onWeekend > 0) return found('next-day');
    return sum.nextDay === all ? unknown('no enrollment ended before a weekend') : otherForm;
  },
} as const satisfies Record<string, Read>;

/** All switches. */
export function readSwitches(seen: Observations): Record<string, Reading> {
  return Object.fromEntries(
    Object.entries<Read>(switchReadings).map(([name, read]) => [name, read(seen)]),
  );
}

/** Returns how often a field had a value. */
const valued = (field: FieldForm): number =>
  field.filled + field.emptyText + field.zero + field.firstDay + field.lastDay;

/** Returns whether a field had no value in some rows; a field absent everywhere is not allowed. */
const isMissing = (field: FieldForm): boolean =>
  field.null > 0 || (field.absent > 0 && valued(field) > 0);

const fieldsOf = ({ lists }: Observations, kind: FieldForm['kind']): FieldForm[] =>
  lists.flatMap((list) => [...list.fields.values()]).filter((field) => field.kind === kind);

function ofObject(seen: Observations, object: string, values: readonly string[]): Reading {
  const sample = seen.samples.get(object);
  if (sample === undefined) return notAsked;
  const { outcome } = sample;
  // Null instead of a list is a separate value for only one of the objects.
  if (outcome.kind === 'nothing')
    return found(
      outcome.status !== 204 && values.includes('null-list') ? 'null-list' : 'empty-list',
    );
  const value =
    outcome.kind === 'refused'
      ? formatRejectedStatus(outcome.rejection.status)
      : outcome.list.rows > 0
        ? 'granted'
        : 'empty-list';
  if (value === 'granted' || values.includes(value)) return found(value);
  return otherForm;
}

const formatRejectedStatus = (status: number): string =>
  status < 300 ? 'error-with-200' : `refused-${status}`;

/** With fewer rows an optional field may be empty by chance. */
const fewRows = 5;

function ofField(
  seen: Observations,
  object: string,
  field: string,
  values?: readonly string[],
): Reading {
  const sample = seen.samples.get(object);
  if (sample === undefined) return notAsked;
  const value = fieldValue(seen, sample, object, field);
  if (value.value === null || values === undefined || values.includes(value.value)) return value;
  return otherForm;
}

function fieldValue(
  seen: Observations,
  sample: ObjectSample,
  object: string,
  field: string,
): Reading {
  const rejection = sample.rejectedFields.get(field);
  if (rejection !== undefined) {
    if (rejection.status < 300) return found('error-with-200');
    if (rejection.namesField) return found('refused-by-name');
    return [400, 401, 403].includes(rejection.status)
      ? found(`refused-${rejection.status}-without-name`)
      : otherForm;
  }
  if (sample.unclearFields.includes(field)) return notAsked;
  if (sample.outcome.kind !== 'list') return unknown('no list of its object came');
  const form = sumOf(seen.lists, object, field);
  if (form.rows < fewRows) return unknown('too few rows came');
  if (form.filled > 0) return found('granted');
  return found(form.absent === form.rows ? 'absent' : 'null-for-all');
}

/** Returns a field over all pages of its object. */
function sumOf(lists: readonly ListForm[], object: string, field: string) {
  const sum = { rows: 0, filled: 0, absent: 0 };
  for (const list of lists) {
    const form = list.object === object ? list.fields.get(field) : undefined;
    if (form === undefined) continue;
    sum.rows += list.rows;
    sum.filled += form.filled;
    sum.absent += form.absent;
  }
  return sum;
}
