/** What a probe stores about responses: their forms, never their content. */
import type { TokenForm } from '../http/access-token.ts';
import type { ListForm } from './list-form.ts';
import type { ErrorForm, RejectionForm } from './rejection-form.ts';
import type { WireForm } from './wire-form.ts';

/** The outcome of requesting an object. */
export type ObjectOutcome =
  /** A list, with or without rows. */
  | { readonly kind: 'list'; readonly list: ListForm }
  /** Status 204, or null instead of the list. */
  | { readonly kind: 'nothing'; readonly status: number }
  | { readonly kind: 'refused'; readonly rejection: RejectionForm };

export interface ObjectSample {
  readonly outcome: ObjectOutcome;
  /** Fields that had to be omitted, with the rejection they caused. */
  readonly rejectedFields: ReadonlyMap<string, RejectionForm>;
  /** Fields that could not be tested in time. */
  readonly unclearFields: readonly string[];
}

/** Whether a variant of an accepted request was accepted too. */
export type Variant = 'taken' | 'refused';

export interface Observations {
  /** In the order in which they were tried. */
  readonly tokens: {
    readonly form: TokenForm;
    readonly isTaken: boolean;
    readonly status: number;
  }[];
  /** Whether a token is issued without the vendor's header; undefined if not tried. */
  withoutVendor?: Variant | undefined;
  sendsVendor: boolean;
  tokenResponse?:
    | {
        readonly status: number;
        readonly hasOthers: boolean;
        readonly lifetime: 'number' | 'text' | 'absent' | 'other';
      }
    | undefined;
  /** Whether the previous token still works. */
  olderToken?: Variant | undefined;
  metadata?: 'object' | 'list' | 'refused' | 'without-current-year' | 'other' | undefined;
  /** Which spellings of a path are accepted. */
  documentedPath?: Variant | undefined;
  lowerPrefix?: Variant | undefined;
  lowerPath?: Variant | undefined;
  genericPrefix?: Variant | undefined;
  fieldMetadata?: 'full' | 'names-only' | 'refused' | 'other' | undefined;
  /** The source of its id; assumed if neither a user nor the metadata supplied it. */
  entityFrom?: 'given' | 'told' | 'assumed' | undefined;
  entity?: 'picked' | 'refused-403' | 'refused-404' | 'empty-lists' | 'refused' | undefined;
  /** The first page of a list with more rows, and a last page. */
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
        /** Whether there are more rows. */
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
    /** Rows of other years than the current one, by value of the parameter. */
    readonly withoutParameter: number;
    readonly withCurrent: number;
    /** Rows if the parameter is an earlier year; undefined if not tried. */
    readonly withEarlier: number | undefined;
  };
  readonly samples: Map<string, ObjectSample>;
  /** All pages, for properties common to all. */
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
