/**
 * Probes an unknown Skyward for its API variants and permissions: read-only, one request after another, within limits.
 * Only the forms of responses are stored.
 *
 * This folder probes an unknown Skyward for the variants of its API.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { LookupFunction } from 'node:net';
import { toTokenError, tokenForms, type TokenForm } from '../http/access-token.ts';
import { checkBaseUrl } from '../../network/address-check.ts';
import { findTransientError } from '../http/http-response.ts';
import { createHttpExchange } from '../http/http-exchange.ts';
import { qmlativObjects } from '../objects/objects.ts';
import { QmlativError } from '../http/qmlativ-error.ts';
import { objectPath, type QmlativObject } from '../objects/qmlativ-object.ts';
import { allOf, compare, everyRow } from '../lists/search.ts';
import { parseSystemMetadata, type SystemMetadata } from '../system-metadata.ts';
import {
  entityForm,
  fieldMetadataForm,
  isNotFound,
  metadataError,
  metadataForm,
  pastTheEndForm,
  tokenResponseForm,
  yearsOf,
} from './response-forms.ts';
import { keysOf } from './list-form.ts';
import { newObservations, type Observations, type Variant } from './observations.ts';
import { ProbeCaller, type ProbeLimits } from './probe-caller.ts';
import { ProbeLists, minPageSize, type ListQuery, type ListSeen } from './probe-lists.ts';
import type { SeenResponse } from './wire-form.ts';

export interface ProbeOptions {
  readonly baseUrl: string;
  readonly clientKey: string;
  readonly clientSecret: string;
  /** See `integrationTokenFor`; undefined if none is sent. */
  readonly integrationToken?: string | undefined;
  readonly userAgent: string;
  readonly allowPrivateAddresses: boolean;
  /** The district's entity, if set by a user. */
  readonly entityId?: number | null | undefined;
  readonly limits?: ProbeLimits;
  readonly requestTimeoutMs?: number;
  /** Whether to request only what an import requires. */
  readonly isShort?: boolean;
  readonly signal?: AbortSignal;
  readonly now?: () => number;
  readonly delay?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly resolve?: LookupFunction;
}

/** The outcome of a probe. */
export interface ProbeOutcome {
  readonly seen: Observations;
  /** Why it stopped; undefined if it completed or reached its limits. */
  readonly stop: QmlativError | undefined;
  readonly requests: number;
  readonly seconds: number;
  readonly reachedLimits: boolean;
  /** Requests without a response, for example because a list takes too long. */
  readonly unanswered: number;
  /** Shown to users of the district, but not part of the report. */
  readonly districtName: string | null;
}

export const probeLimits: ProbeLimits = { requests: 60, ms: 180_000 };

/** Throws only `address-not-allowed`, if the base URL may not be called. */
export async function probe(options: ProbeOptions): Promise<ProbeOutcome> {
  const rules = { allowPrivateAddresses: options.allowPrivateAddresses };
  const check = checkBaseUrl(options.baseUrl, rules);
  if (!check.ok) throw new QmlativError('address-not-allowed', check.message);
  const exchange = createHttpExchange({
    baseUrl: check.url,
    rules,
    connections: 1,
    userAgent: options.userAgent,
    requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
    ...(options.resolve === undefined ? {} : { resolve: options.resolve }),
  });
  const caller = new ProbeCaller({
    exchange,
    credentials: options,
    limits: options.limits ?? probeLimits,
    signal: options.signal ?? new AbortController().signal,
    now: options.now ?? Date.now,
    delay: options.delay ?? waitUnlessStopped,
  });
  try {
    return await new Probe(options, caller).run();
  } finally {
    await exchange.close();
  }
}

async function waitUnlessStopped(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined);
}

const o = qmlativObjects;

/** A page size larger than that of an import. */
const largePage = 500;

class Probe {
  readonly #options: ProbeOptions;
  readonly #caller: ProbeCaller;
  readonly #seen: Observations;
  readonly #lists: ProbeLists;
  #metadata: SystemMetadata | undefined;
  #metadataError: QmlativError | undefined;
  #stop: QmlativError | undefined;
  #years: { readonly current: number; readonly earlier: number | undefined } | undefined;

  constructor(options: ProbeOptions, caller: ProbeCaller) {
    this.#options = options;
    this.#caller = caller;
    this.#seen = newObservations(options.integrationToken !== undefined);
    this.#lists = new ProbeLists(caller, this.#seen);
  }

  async run(): Promise<ProbeOutcome> {
    const steps = this.#options.isShort === true ? this.#shortSteps() : this.#allSteps();
    for (const step of steps) {
      await step();
      if (this.#stop !== undefined || this.#caller.isOver) break;
    }
    const {
      wires,
      errorForms,
      requests,
      withoutResponse: unanswered,
      ms,
      isOver,
      failure,
    } = this.#caller;
    this.#seen.wires = wires;
    this.#seen.errorForms = errorForms;
    return {
      seen: this.#seen,
      stop: this.#stop ?? failure,
      requests,
      unanswered,
      seconds: ms / 1000,
      reachedLimits: isOver && failure === undefined,
      districtName: this.#metadata?.districts[0]?.name ?? null,
    };
  }

  #shortSteps(): (() => Promise<void>)[] {
    return [
      () => this.#firstToken(),
      () => this.#systemMetadata(),
      () => this.#entity(),
      () => this.#requiredObjects(),
    ];
  }

  /** In order of importance, because the limits may end a probe early. */
  #allSteps(): (() => Promise<void>)[] {
    return [
      () => this.#firstToken(),
      () => this.#otherTokens(),
      () => this.#systemMetadata(),
      () => this.#entity(),
      () => this.#olderToken(),
      () => this.#pages(),
      () => this.#searches(),
      () => this.#people(),
      () => this.#enrollments(),
      () => this.#switchedObjects(),
      () => this.#addresses(),
      () => this.#rejections(),
      () => this.#requiredObjects(),
      () => this.#otherObjects(),
    ];
  }

  /** Issued tokens, oldest first, to test later whether older ones still work. */
  readonly #tokens: string[] = [];

  async #askToken(form: TokenForm, withVendor = true): Promise<SeenResponse | undefined> {
    const answer = await this.#caller.askToken(form, { withVendor });
    if (answer === undefined) return undefined;
    const { seen, token } = answer;
    if (withVendor)
      this.#seen.tokens.push({ form, isTaken: token !== undefined, status: seen.status });
    if (token !== undefined) {
      this.#tokens.push(token);
      this.#seen.tokenResponse ??= tokenResponseForm(seen);
    }
    return seen;
  }

  #isTaken = (form: TokenForm) =>
    this.#seen.tokens.some((tried) => tried.form === form && tried.isTaken);

  /** Tries forms until one yields a token. */
  async #firstToken(): Promise<void> {
    let first: SeenResponse | undefined;
    for (const form of this.#forms()) {
      const seen = await this.#askToken(form);
      if (seen === undefined || this.#tokens.length > 0) return;
      first ??= seen;
      if (seen.status >= 500) break;
    }
    if (first !== undefined)
      this.#stop =
        findTransientError(first.http, {}, 0)?.retry ??
        toTokenError(first.http, this.#seen.sendsVendor);
  }

  /** Forms that differ only in encoding are adjacent. */
  #forms(): readonly TokenForm[] {
    const forms = tokenForms(this.#options);
    const order = ['post-form', 'post-basic', 'post-basic-encoded', 'get-basic', 'get-basic-plain'];
    return forms.toSorted((one, other) => order.indexOf(one) - order.indexOf(other));
  }

  /** Tests whether another form is accepted, and whether the vendor's header is optional. */
  async #otherTokens(): Promise<void> {
    const first = this.#seen.tokens.find(({ isTaken }) => isTaken)?.form;
    if (first === undefined) return;
    if (this.#seen.sendsVendor) {
      const before = this.#tokens.length;
      if ((await this.#askToken(first, false)) === undefined) return;
      this.#seen.withoutVendor = this.#tokens.length > before ? 'taken' : 'refused';
    }
    if (first === 'post-form')
      for (const form of this.#forms().filter((one) => one !== 'post-form')) {
        await this.#askToken(form);
        if (this.#isTaken(form)) break;
      }
    if (this.#tokens.length < 2) await this.#askToken(first);
  }

  async #systemMetadata(): Promise<void> {
    const path = '/Custom/GetSystemMetadata';
    let answer = await this.#caller.ask({ path });
    if (answer === undefined) return;
    if (isNotFound(answer)) {
      const lowered = await this.#caller.ask({ path: path.replace('C', 'c') });
      if (lowered === undefined) return;
      this.#seen.documentedPath = 'refused';
      this.#seen.lowerPrefix = isNotFound(lowered) ? 'refused' : 'taken';
      if (!isNotFound(lowered)) {
        this.#lists.isPrefixLowered = true;
        answer = lowered;
      }
    } else this.#seen.documentedPath = 'taken';
    if (answer.status >= 300 || answer.kind !== 'json') {
      const { status } = answer;
      this.#metadataError = metadataError(answer);
      this.#seen.metadata = status === 401 || status === 403 ? 'refused' : 'other';
      return;
    }
    this.#metadata = parseSystemMetadata(answer.json);
    this.#seen.metadata = metadataForm(answer.json, this.#metadata);
  }

  /** Finds the entity whose lists can be read, and whether it is the district's own. */
  async #entity(): Promise<void> {
    const lists = this.#lists;
    const given = this.#options.entityId ?? undefined;
    const told = this.#metadata?.districts[0]?.entityId;
    const own = given ?? told ?? 1;
    this.#seen.entityFrom = given !== undefined ? 'given' : told !== undefined ? 'told' : 'assumed';
    lists.entityId = own;
    const years = await this.#schoolYears();
    if (years === undefined) return;
    if (hasRows(years)) {
      this.#seen.entity = 'picked';
      return;
    }
    const students = await lists.ask({ object: o.Student, fields: [o.Student.key] });
    if (students === undefined) return;
    if (hasRows(students)) {
      this.#seen.entity = 'picked';
      return;
    }
    this.#seen.entity = entityForm(years);
    // Other entities may be readable through their parent entity.
    const above = [this.#metadata?.entityId ?? 1, 1].find((id) => id !== own);
    if (above !== undefined) {
      lists.entityId = above;
      const others = await this.#schoolYears();
      if (others === undefined || hasRows(others)) return;
    }
    // An access that works nowhere is a different problem than a missing entity.
    this.#stop =
      this.#metadataError ??
      new QmlativError(
        'no-entity-permission',
        "no list of the district's entity came with rows, nor of the one above it",
      );
  }

  /** School years contain no personal data, and their ids are needed for later requests. */
  async #schoolYears(): Promise<ListSeen | undefined> {
    const { SchoolYear } = o;
    let seen = await this.#lists.ask({
      object: SchoolYear,
      fields: Object.keys(SchoolYear.fields),
    });
    if (seen?.kind === 'refused' && seen.named.length > 0)
      seen = await this.#lists.ask({
        object: SchoolYear,
        fields: Object.keys(SchoolYear.fields).filter(
          (name) => seen?.kind !== 'refused' || !seen.named.includes(name),
        ),
      });
    if (seen?.kind !== 'list' || !hasRows(seen)) return seen;
    this.#lists.take(SchoolYear, seen);
    this.#seen.lastPage = seen.list.rows < minPageSize - 10 ? seen.list : undefined;
    this.#years = yearsOf(seen.rows, this.#metadata);
    return seen;
  }

  /** Tests whether the first token still works. */
  async #olderToken(): Promise<void> {
    const [oldest] = this.#tokens;
    if (oldest === undefined || this.#tokens.length < 2) return;
    const seen = await this.#lists.ask(
      { object: o.SchoolYear, fields: [o.SchoolYear.key] },
      oldest,
    );
    if (seen !== undefined && this.#seen.samples.has(objectPath(o.SchoolYear)))
      this.#seen.olderToken = seen.kind === 'list' ? 'taken' : 'refused';
  }

  async #pages(): Promise<void> {
    const { SchoolYear, Student } = o;
    const lists = this.#lists;
    const years = await lists.ask({ object: SchoolYear, fields: [SchoolYear.key], page: 9 });
    if (years === undefined) return;
    this.#seen.pastTheEnd = pastTheEndForm(years);

    await lists.sample(Student, {});
    const key = [Student.key];
    const small = await lists.ask({ object: Student, fields: key, pageSize: 20 });
    const large = await lists.ask({ object: Student, fields: key, pageSize: largePage });
    if (small === undefined || large === undefined) return;
    if (large.kind === 'refused') {
      const over = await lists.ask({ object: Student, fields: key, pageSize: 101 });
      const most = await lists.ask({ object: Student, fields: key, pageSize: 100 });
      if (over === undefined || most === undefined) return;
      this.#seen.pageSize = {
        kind: 'refused',
        isOver100Rejected: over.kind === 'refused' && most.kind === 'list',
      };
      if (rowsIn(small) < rowsIn(most)) this.#seen.firstPage = listIn(small);
    } else if (large.kind === 'list') {
      if (rowsIn(small) < rowsIn(large)) this.#seen.firstPage = listIn(small);
      await this.#largePage(large);
    }
  }

  /** A page shorter than requested may be truncated, or the whole list. */
  async #largePage(large: Extract<ListSeen, { kind: 'list' }>): Promise<void> {
    const { rows, nextPageSize, nextPage } = large.list;
    let hasMore = nextPage === 2;
    if (rows <= 50 && !hasMore) {
      const second = await this.#lists.ask({
        object: o.Student,
        fields: [o.Student.key],
        pageSize: largePage,
        page: 2,
      });
      if (second === undefined) return;
      const first = new Set(keysOf(large.rows, o.Student));
      hasMore =
        second.kind === 'list' && keysOf(second.rows, o.Student).some((one) => !first.has(one));
    }
    this.#seen.pageSize = {
      kind: 'rows',
      rows,
      usedSize: hasMore ? nextPageSize : undefined,
      hasMore,
    };
  }

  /** Tests sorting and conditions together with samples that are needed anyway. */
  async #searches(): Promise<void> {
    const lists = this.#lists;
    const { Student, Entity, SchoolYear, School, Homeroom, StudentEntityYear, Staff } = o;
    const sorted = await lists.ask({
      object: Student,
      fields: [Student.key],
      descendingBy: Student.key,
    });
    if (sorted === undefined) return;
    if (sorted.kind === 'list') this.#seen.sorted = { kind: 'rows', order: sorted.list.order };
    else if (sorted.kind === 'refused') this.#seen.sorted = { kind: 'refused' };
    this.#seen.otherKind = await this.#variant([Entity, SchoolYear], ({ key }) => ({
      condition: { StringSearchCondition: { FieldName: key, ConditionType: 'NotNull' } },
    }));
    this.#seen.emptyGroup = await this.#variant([School, Homeroom], () => ({ condition: allOf() }));
    this.#seen.nestedGroups = await this.#variant([StudentEntityYear, Staff], ({ key }) => ({
      condition: allOf(allOf(everyRow(key))),
    }));
  }

  /** Tries the first object, and the next one if that is rejected anyway. */
  async #variant(
    objects: readonly QmlativObject[],
    variantOf: (object: QmlativObject) => Partial<ListQuery>,
  ): Promise<Variant | undefined> {
    for (const object of objects) {
      const { variant } = (await this.#lists.sample(object, variantOf(object))) ?? {};
      if (variant !== undefined) return variant;
    }
    return undefined;
  }

  async #people(): Promise<void> {
    const lists = this.#lists;
    const { Name, Student } = o;
    await lists.sample(Name, {}, ['MiddleName']);
    const related = async (fields: readonly string[]) =>
      lists.ask({ object: Student, fields: [Student.key, ...fields] });
    let dotted = await related(['Name.NameID', 'Name.NameSuffix.NameSuffixID']);
    // Perhaps only the second condition was rejected.
    if (dotted?.kind === 'refused') dotted = await related(['Name.NameID']);
    if (dotted === undefined) return;
    this.#seen.dotted = dotted.kind === 'refused' ? 'refused' : listIn(dotted)?.nesting;
  }

  /** Requests enrollments of several years, so that some have ended and some have not. */
  async #enrollments(): Promise<void> {
    const { EntryWithdrawal } = o;
    const lists = this.#lists;
    if (this.#years === undefined) {
      await lists.sample(EntryWithdrawal);
      return;
    }
    const { current, earlier } = this.#years;
    const fields = Object.keys(EntryWithdrawal.fields);
    const isOther = compare('SchoolYearID', 'NotEqual', current);
    await lists.sampleOf({ object: EntryWithdrawal, fields, schoolYearId: current });
    const refused = lists.listRejectedFields(EntryWithdrawal);
    const left = fields.filter((field) => !refused.has(field));
    const without = await lists.ask({ object: EntryWithdrawal, fields: left, condition: isOther });
    const key = [EntryWithdrawal.key];
    const withCurrent = await lists.ask({
      object: EntryWithdrawal,
      fields: key,
      condition: isOther,
      schoolYearId: current,
    });
    if (without === undefined || withCurrent === undefined) return;
    let withEarlier: ListSeen | undefined;
    if (rowsIn(without) === 0 && rowsIn(withCurrent) === 0 && earlier !== undefined) {
      withEarlier = await lists.ask({
        object: EntryWithdrawal,
        fields: left,
        schoolYearId: earlier,
      });
      if (withEarlier === undefined) return;
    }
    if (without.kind === 'refused' || withCurrent.kind === 'refused') return;
    this.#seen.schoolYear = {
      withoutParameter: rowsIn(without),
      withCurrent: rowsIn(withCurrent),
      withEarlier: withEarlier === undefined ? undefined : rowsIn(withEarlier),
    };
  }

  /** Objects that servers treat differently without permission. */
  async #switchedObjects(): Promise<void> {
    for (const object of [o.WithdrawalCode, o.NameEmail, o.Relationship])
      await this.#lists.sample(object);
  }

  /** Tests other spellings of paths, and field metadata. */
  async #addresses(): Promise<void> {
    const { Family, Address, FamilyGuardian, StudentFamily, Student } = o;
    if (!this.#lists.isPrefixLowered)
      this.#seen.lowerPath = await this.#variant([FamilyGuardian, Address], () => ({
        isLowered: true,
      }));
    this.#seen.genericPrefix = await this.#variant([Family, StudentFamily], () => ({
      prefix: 'Generic',
    }));
    const answer = await this.#caller.ask({
      path: this.#lists.spelled(`/Custom/${this.#lists.entityId}/${objectPath(Student)}`),
    });
    if (answer !== undefined) this.#seen.fieldMetadata = fieldMetadataForm(answer);
  }

  /** Provokes a rejection to see its form, if there was none. */
  async #rejections(): Promise<void> {
    if (this.#caller.errorForms.some((form) => form !== 'empty')) return;
    await this.#caller.ask({
      path: this.#lists.spelled(`/Custom/${this.#lists.entityId}/District/NoSuchObject`),
    });
  }

  async #requiredObjects(): Promise<void> {
    await this.#remaining(({ required }) => required);
  }

  async #otherObjects(): Promise<void> {
    await this.#remaining(() => true);
  }

  async #remaining(isWanted: (object: QmlativObject) => boolean): Promise<void> {
    for (const object of Object.values<QmlativObject>(o))
      if (isWanted(object) && !this.#seen.samples.has(objectPath(object)) && !this.#caller.isOver)
        await this.#lists.sample(object);
  }
}

const listIn = (seen: ListSeen) => (seen.kind === 'list' ? seen.list : undefined);
const rowsIn = (seen: ListSeen): number => listIn(seen)?.rows ?? 0;
const hasRows = (seen: ListSeen): boolean => rowsIn(seen) > 0;
