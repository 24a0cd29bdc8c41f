/** What a probe keeps of the answers: their forms, and never anything that stands in them. */
import type { TokenForm } from '../http/access-token.ts';
import type { ListForm } from './list-form.ts';
import type { ErrorForm, RefusalForm } from './refusal-form.ts';
import type { WireForm } from './wire-form.ts';

/** What came for an object. */
export type ObjectOutcome =
  /** A list, with rows or without. */
  | { readonly kind: 'list'; readonly list: ListForm }
  /** 204, or null in the place of the list. */
  | { readonly kind: 'nothing'; readonly status: number }
  | { readonly kind: 'refused'; readonly rejection: RefusalForm };

export interface ObjectSample {
  readonly outcome: ObjectOutcome;
  /** Fields that had to be left out for a list to come, with the refusal that they caused. */
  readonly rejectedFields: ReadonlyMap<string, RefusalForm>;
  /** Fields of which it was not found out in time. */
  readonly unclearFields: readonly string[];
}

/** Whether a variant of a request was taken where the plain one is. */
export type Variant = 'taken' | 'refused';

export interface Observations {
  /** In the order in which they were tried. */
  readonly tokens: {
    readonly form: TokenForm;
    readonly isTaken: boolean;
    readonly status: number;
  }[];
  /** Whether a token came without the vendor's header; undefined where none is sent or it was not tried. */
  withoutVendor?: Variant | undefined;
  sendsVendor: boolean;
  tokenResponse?:
    | {
        readonly status: number;
        readonly hasOthers: boolean;
        readonly lifetime: 'number' | 'text' | 'absent' | 'other';
      }
    | undefined;
  /** What the token before the newest one still opens. */
  olderToken?: Variant | undefined;
  metadata?: 'object' | 'list' | 'refused' | 'without-current-year' | 'other' | undefined;
  /** Which spellings of a path are taken. */
  documentedPath?: Variant | undefined;
  lowerPrefix?: Variant | undefined;
  lowerPath?: Variant | undefined;
  genericPrefix?: Variant | undefined;
  fieldMetadata?: 'full' | 'names-only' | 'refused' | 'other' | undefined;
  /** Where its id is from; it is assumed where neither a person nor the metadata told it. */
  entityFrom?: 'given' | 'told' | 'assumed' | undefined;
  entity?: 'picked' | 'refused-403' | 'refused-404' | 'empty-lists' | 'refused' | undefined;
  /** The first page of a list that has more rows, and one that is the last. */
  firstPage?: ListForm | undefined;
  lastPage?: ListForm | undefined;
  pastTheEnd?:
    | 'empty-list'
    | 'status-404'
    | 'status-204'
    | 'null-list'
    | 'last-page-again'
    | 'other'
    | undefined;
  pageSize?:
    | { readonly kind: 'refused'; readonly isOver100Rejected: boolean }
    | {
        readonly kind: 'rows';
        readonly rows: number;
        readonly usedSize: number | undefined;
        /** Whether there are more rows than came. */
        readonly hasMore: boolean;
      }
    | undefined;
  sorted?:
    { readonly kind: 'refused' } | { readonly kind: 'rows'; readonly order: ListForm['order'] };
  emptyGroup?: Variant | undefined;
  nestedGroups?: Variant | undefined;
  otherKind?: Variant | undefined;
  dotted?: 'refused' | 'nested' | 'flat' | undefined;
  schoolYear?: {
    /** Rows of other years than the current one, by what the parameter said. */
    readonly withoutParameter: number;
    readonly withCurrent: number;
    /** Rows when the parameter names an earlier year; undefined where that was not needed. */
    readonly withEarlier: number | undefined;
  };
  readonly samples: Map<string, ObjectSample>;
  /** Every page that came, for what is the same in all of them. */
  readonly lists: ListForm[];
  wires: readonly { readonly isList: boolean; readonly form: WireForm }[];
  errorForms: readonly ErrorForm[];
}

export const newObservations = (sendsVendor: boolean): Observations => ({
  tokens: [],
  sendsVendor,
  samples: new Map(),
  lists: [],
  wires: [],
  errorForms: [],
});
