/** Requests lists during a probe, and finds out which fields of an object are allowed. */
import type { QmlativObject } from '../objects/qmlativ-object.ts';
import { objectPath } from '../objects/qmlativ-object.ts';
import { toRejectionCode, findRejectedFieldNames } from '../lists/rejection.ts';
import { everyRow, searchBody, searchPath, type SearchCondition } from '../lists/search.ts';
import { findEnvelope, listForm, type ListForm } from './list-form.ts';
import type { ObjectOutcome, ObjectSample, Observations } from './observations.ts';
import type { ProbeCaller } from './probe-caller.ts';
import { rejectionForm, readRejectionText, type RejectionForm } from './rejection-form.ts';

/** One page, requested as in an import by default. */
export interface ListQuery {
  readonly object: QmlativObject;
  readonly fields: readonly string[];
  readonly page?: number;
  readonly pageSize?: number;
  readonly condition?: unknown;
  readonly descendingBy?: string;
  readonly schoolYearId?: number | undefined;
  readonly prefix?: 'Custom' | 'Generic';
  /** Whether the whole path is in lower case. */
  readonly isLowered?: boolean;
}

/** The response. Rows and text are used only during the probe and never stored. */
export type ListSeen =
  | { readonly kind: 'list'; readonly list: ListForm; readonly rows: readonly unknown[] }
  | { readonly kind: 'nothing'; readonly status: number }
  | {
      readonly kind: 'refused';
      readonly rejection: RejectionForm;
      readonly words: string;
      readonly named: readonly string[];
    };

/** Every server should allow pages of this size. */
export const minPageSize = 50;

/** Trials to find the rejected fields of one object. */
const maxTrials = 8;

export class ProbeLists {
  entityId = 1;
  /** Whether the server requires the first part of paths in lower case. */
  isPrefixLowered = false;
  readonly #caller: ProbeCaller;
  readonly #seen: Observations;

  constructor(caller: ProbeCaller, seen: Observations) {
    this.#caller = caller;
    this.#seen = seen;
  }

  /** Returns the path with the prefix in the case that the server requires. */
  spelled(path: string): string {
    return this.isPrefixLowered ? path.replace(/^\/\w+/, (first) => first.toLowerCase()) : path;
  }

  /** Requests a page; `token`: use this token. */
  async ask(question: ListQuery, token?: string): Promise<ListSeen | undefined> {
    const { object, fields } = question;
    const { path, body } = this.#requestOf(question);
    const answer =
      token === undefined
        ? await this.#caller.ask({ path, body })
        : await this.#caller.askWith(token, { path, body });
    if (answer === undefined) return undefined;
    if (answer.status === 204) return { kind: 'nothing', status: 204 };
    const envelope = answer.status < 300 ? findEnvelope(answer.json) : undefined;
    if (envelope === null) return { kind: 'nothing', status: answer.status };
    if (envelope === undefined) {
      const words = readRejectionText(answer);
      const named = findRejectedFieldNames(words, fields, object);
      return { kind: 'refused', rejection: rejectionForm(answer, named), words, named };
    }
    const [bare = ''] = path.split('?');
    const list = listForm(envelope, {
      object,
      fields,
      path: bare.split('/').slice(0, -2).join('/'),
    });
    this.#seen.lists.push(list);
    return { kind: 'list', list, rows: envelope.rows };
  }

  #requestOf(question: ListQuery): { path: string; body: string } {
    const { object, page = 1, pageSize = minPageSize, prefix = 'Custom', descendingBy } = question;
    const path = this.spelled(
      searchPath({
        prefix,
        entityId: this.entityId,
        object: objectPath(object),
        page,
        pageSize,
        fields: question.fields,
        schoolYearId: question.schoolYearId,
      }),
    );
    const [bare = '', query = ''] = path.split('?');
    const condition = question.condition ?? everyRow(object.key);
    const sort = descendingBy === undefined ? [] : [{ field: descendingBy, descending: true }];
    return {
      path: question.isLowered === true ? `${bare.toLowerCase()}?${query}` : path,
      body: searchBody(condition as SearchCondition, sort),
    };
  }

  /**
   * Requests a page of an object with every field that an import reads, in a variant. If the variant is rejected and the
   * plain request is not, the variant is the cause. Rejected fields are found and omitted.
   */
  async sample(
    object: QmlativObject,
    variant: Partial<ListQuery> = {},
    suspects: readonly string[] = [],
  ): Promise<{ variant: 'taken' | 'refused' | undefined; sample: ObjectSample } | undefined> {
    const fields = Object.keys(object.fields);
    const isVaried = Object.keys(variant).length > 0;
    const first = await this.ask({ object, fields, ...variant });
    if (first === undefined) return undefined;
    if (first.kind !== 'refused')
      return { variant: 'taken', sample: this.#keep(object, toOutcome(first)) };
    if (isVaried) {
      const plain = await this.ask({ object, fields });
      if (plain === undefined) return undefined;
      if (plain.kind !== 'refused')
        return { variant: 'refused', sample: this.#keep(object, toOutcome(plain)) };
      return { variant: undefined, sample: await this.#withoutRejected(object, plain, suspects) };
    }
    return { variant: undefined, sample: await this.#withoutRejected(object, first, suspects) };
  }

  /** Stores a page as the sample of its object. */
  take(object: QmlativObject, seen: ListSeen): void {
    this.#keep(object, toOutcome(seen));
  }

  /** Requests a page in a special form, which is also the sample of its object. */
  async sampleOf(question: ListQuery): Promise<ObjectSample | undefined> {
    const seen = await this.ask(question);
    if (seen === undefined) return undefined;
    if (seen.kind !== 'refused') return this.#keep(question.object, toOutcome(seen));
    return this.#withoutRejected(question.object, seen, [], question);
  }

  listRejectedFields(object: QmlativObject): ReadonlySet<string> {
    return new Set(this.#seen.samples.get(objectPath(object))?.rejectedFields.keys());
  }

  #keep(
    object: QmlativObject,
    outcome: ObjectOutcome,
    rejectedFields: ReadonlyMap<string, RejectionForm> = new Map(),
    unclearFields: readonly string[] = [],
  ): ObjectSample {
    const sample = { outcome, rejectedFields, unclearFields };
    this.#seen.samples.set(objectPath(object), sample);
    return sample;
  }

  /** Omits fields that a rejection names; if it names none, finds rejected fields by bisection. */
  async #withoutRejected(
    object: QmlativObject,
    refused: Extract<ListSeen, { kind: 'refused' }>,
    suspects: readonly string[],
    question: Partial<ListQuery> = {},
  ): Promise<ObjectSample> {
    const all = Object.keys(object.fields);
    const rejectedFields = new Map<string, RejectionForm>();
    const asked = async (fields: readonly string[]) =>
      this.ask({ ...question, object, fields: all.filter((field) => fields.includes(field)) });
    const isOfObject = toRejectionCode(refused.rejection.status, refused.words, object);
    if (isOfObject === 'object-missing' || isOfObject === 'no-object-permission')
      if (refused.named.length === 0)
        return this.#keep(object, { kind: 'refused', rejection: refused.rejection });

    let last = refused;
    let left = all;
    for (let round = 0; round < 3 && last.named.length > 0; round += 1) {
      const { named, rejection } = last;
      const rest = left.filter((field) => !named.includes(field));
      if (rest.length === 0 || !rest.includes(object.key)) break;
      const seen = await asked(rest);
      if (seen === undefined) return this.#unclear(object, refused.rejection, all);
      for (const field of named) rejectedFields.set(field, rejection);
      left = rest;
      if (seen.kind !== 'refused') return this.#keep(object, toOutcome(seen), rejectedFields);
      last = seen;
    }
    return this.#search(object, last.rejection, { left, suspects, rejectedFields, asked });
  }

  async #search(
    object: QmlativObject,
    rejection: RejectionForm,
    {
      left,
      suspects,
      rejectedFields,
      asked,
    }: {
      left: readonly string[];
      suspects: readonly string[];
      rejectedFields: Map<string, RejectionForm>;
      asked: (fields: readonly string[]) => Promise<ListSeen | undefined>;
    },
  ): Promise<ObjectSample> {
    const suspected = left.filter((field) => suspects.includes(field));
    if (suspected.length > 0) {
      const seen = await asked(left.filter((field) => !suspected.includes(field)));
      if (seen === undefined) return this.#unclear(object, rejection, left);
      if (seen.kind !== 'refused') {
        for (const field of suspected) rejectedFields.set(field, rejection);
        return this.#keep(object, toOutcome(seen), rejectedFields);
      }
    }
    const isOptional = (field: string) =>
      field !== object.key && object.fields[field]?.required !== true;
    const taken = new Set(left.filter((field) => !isOptional(field)));
    const plainest = await asked([...taken]);
    if (plainest === undefined) return this.#unclear(object, rejection, left);
    if (plainest.kind === 'refused')
      return this.#keep(object, { kind: 'refused', rejection: plainest.rejection });
    let best: ListSeen = plainest;
    const unclear: string[] = [];
    let trials = 0;
    const add = async (added: readonly string[]): Promise<void> => {
      if (added.length === 0) return;
      const seen = trials < maxTrials ? await asked([...taken, ...added]) : undefined;
      trials += 1;
      if (seen === undefined) unclear.push(...added);
      else if (seen.kind !== 'refused') {
        for (const field of added) taken.add(field);
        best = seen;
      } else if (added.length === 1) {
        for (const field of added) rejectedFields.set(field, seen.rejection);
      } else {
        const middle = Math.ceil(added.length / 2);
        await add(added.slice(0, middle));
        await add(added.slice(middle));
      }
    };
    await add(left.filter(isOptional));
    return this.#keep(object, toOutcome(best), rejectedFields, unclear);
  }

  #unclear(
    object: QmlativObject,
    rejection: RejectionForm,
    fields: readonly string[],
  ): ObjectSample {
    return this.#keep(object, { kind: 'refused', rejection }, new Map(), fields);
  }
}

function toOutcome(seen: ListSeen): ObjectOutcome {
  if (seen.kind === 'list') return { kind: 'list', list: seen.list };
  if (seen.kind === 'nothing') return seen;
  return { kind: 'refused', rejection: seen.rejection };
}
