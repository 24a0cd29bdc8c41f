/** The callers of attacks: role, district, and the data that each may see. */
import type { Role } from '../../../src/contract/endpoint.ts';
import type { HttpResponse, RequestOptions } from './http-client.ts';

/** Canaries: words that occur only in the records of one district or of one of its schools. */
export type Canary = `Zq${DistrictName}${'pers' | 'dist' | 'one' | 'two'}`;
export const canaries: readonly Canary[] = [
  'Zqapers',
  'Zqadist',
  'Zqaone',
  'Zqatwo',
  'Zqbpers',
  'Zqbdist',
  'Zqbone',
  'Zqbtwo',
];
/** Part of every planted secret. */
export const secretCanary = 'zqsecret';

export type DistrictName = 'a' | 'b';

/** A user, or an unauthenticated client, that sends requests. */
export interface Caller {
  /** `staff of one school of a`. */
  readonly kind: string;
  readonly email: string;
  readonly role: Role | undefined;
  readonly district: DistrictName | undefined;
  readonly isOfOneSchool: boolean;
  readonly cookie: string | undefined;
  /** Canaries that this caller may see. */
  readonly visibleCanaries: readonly Canary[];
}

/** Sends a request as a caller, or unauthenticated. */
export type SendAs = (caller: Caller | undefined, request: RequestOptions) => Promise<HttpResponse>;
export type FindCaller = (kind: string) => Caller;

export const password = 'a long walk at sunrise';

export const getDomain = (district: DistrictName): string => `${district}.example`;
export const districtPath = (district: DistrictName): string =>
  `/api/districts/${getDomain(district)}`;

/** Entity ids of the schools of each district. */
export const schoolIds = { a: [401, 402], b: [501, 502] } as const;

/** Returns the twelve kinds of callers. */
export function listCallerKinds(): Omit<Caller, 'cookie'>[] {
  const kinds: Omit<Caller, 'cookie'>[] = [
    {
      kind: 'unauthenticated',
      email: '',
      role: undefined,
      district: undefined,
      isOfOneSchool: false,
      visibleCanaries: [],
    },
    {
      kind: 'technician',
      email: 'technician@vendor.example',
      role: 'technician',
      district: undefined,
      isOfOneSchool: false,
      visibleCanaries: canaries,
    },
  ];
  for (const district of ['a', 'b'] as const) {
    const own = canaries.filter((canary) => canary.startsWith(`Zq${district}`));
    const add = (role: Role, isOfOneSchool: boolean) => {
      const title = isOfOneSchool ? `${role} of one school` : role;
      kinds.push({
        kind: `${title} of ${district}`,
        email: `${title.replaceAll(' ', '-')}@${getDomain(district)}`,
        role,
        district,
        isOfOneSchool,
        visibleCanaries: isOfOneSchool ? own.filter((canary) => !canary.endsWith('two')) : own,
      });
    };
    add('administrator', false);
    for (const isOfOneSchool of [false, true]) {
      add('staff', isOfOneSchool);
      add('read-only', isOfOneSchool);
    }
  }
  return kinds;
}
