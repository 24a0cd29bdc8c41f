/** Who sends requests, to which districts, and what each may see. */
import type { Role } from '../../src/contract/endpoint.ts';
import type { Answer, Ask } from './http-client.ts';

/** Words that stand in the records of one district, or of one of its schools, and nowhere else. */
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
/** Stands in every secret that is planted. */
export const secretCanary = 'zqsecret';

export type DistrictName = 'a' | 'b';

/** Somebody who sends requests. */
export interface Caller {
  /** `staff of one school of a`. */
  readonly kind: string;
  readonly email: string;
  readonly role: Role | undefined;
  readonly district: DistrictName | undefined;
  readonly isOfOneSchool: boolean;
  readonly cookie: string | undefined;
  /** What this person has a right to see. */
  readonly maySee: readonly Canary[];
}

/** Asks as somebody, or as nobody. */
export type AskAs = (caller: Caller | undefined, ask: Ask) => Promise<Answer>;
export type FindCaller = (kind: string) => Caller;

export const password = 'a long walk at sunrise';

export const domainOf = (district: DistrictName): string => `${district}.example`;
export const districtPath = (district: DistrictName): string =>
  `/api/districts/${domainOf(district)}`;

/** Numbers of the schools of each district. */
export const schoolsOf = { a: [401, 402], b: [501, 502] } as const;

/** The twelve kinds of people. */
export function personKinds(): Omit<Caller, 'cookie'>[] {
  const kinds: Omit<Caller, 'cookie'>[] = [
    {
      kind: 'nobody',
      email: '',
      role: undefined,
      district: undefined,
      isOfOneSchool: false,
      maySee: [],
    },
    {
      kind: 'technician',
      email: 'technician@vendor.example',
      role: 'technician',
      district: undefined,
      isOfOneSchool: false,
      maySee: canaries,
    },
  ];
  for (const district of ['a', 'b'] as const) {
    const own = canaries.filter((canary) => canary.startsWith(`Zq${district}`));
    const add = (role: Role, isOfOneSchool: boolean) => {
      const title = isOfOneSchool ? `${role} of one school` : role;
      kinds.push({
        kind: `${title} of ${district}`,
        email: `${title.replaceAll(' ', '-')}@${domainOf(district)}`,
        role,
        district,
        isOfOneSchool,
        maySee: isOfOneSchool ? own.filter((canary) => !canary.endsWith('two')) : own,
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
