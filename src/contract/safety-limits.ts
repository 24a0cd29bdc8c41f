/**
 * The safety limits of imports as data: what is counted, the default thresholds, and one line of explanation each. The
 * import, the settings page and docs/safety-limits.md use this table; docs/decisions/0040 tells where its numbers come
 * from.
 */
import { z } from 'zod';

/** More than this share, and at least this many, put an import on hold. */
const Threshold = z
  .strictObject({
    share: z.number().gt(0, 'must be more than 0').max(1, 'must be at most 1').meta({
      description: 'More than this share, 0.1 for 10%, puts an import on hold.',
    }),
    minimum: z
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(1_000_000, 'must be at most 1,000,000')
      .meta({
        description:
          'Fewer than this never put it on hold, unless they are more than half and at least five.',
      }),
  })
  .meta({ id: 'SafetyThreshold' });
export type Threshold = z.infer<typeof Threshold>;

/** What a limit is compared with: all students of the district, or those of one school. */
export type LimitScope = 'district' | 'school';

export interface SafetyLimit {
  /** For settings: "Students made inactive or removed". */
  readonly label: string;
  /** For settings and docs: what is counted. */
  readonly explanation: string;
  readonly district: Threshold;
  /** Null: not checked for single schools. */
  readonly school: Threshold | null;
}

const limits = {
  inactive: {
    label: 'Students made Inactive or removed',
    explanation:
      'Enrolled and Pre-Enrolled students who would become Inactive because of changed data or settings, or who are no longer in Skyward.',
    district: { share: 0.1, minimum: 25 },
    school: { share: 0.15, minimum: 8 },
  },
  graduated: {
    label: 'Students graduating out of season',
    explanation:
      'Students who would become Graduated. The highest grade is not counted if the enrollment ended in the last 45 days of its school year.',
    district: { share: 0.05, minimum: 10 },
    school: { share: 0.1, minimum: 6 },
  },
  returned: {
    label: 'Former students returning',
    explanation:
      'Inactive and Graduated students who would become Enrolled or Pre-Enrolled again. Not counted if an enrollment started in the last 45 days or has yet to start, unless it is an old one that was opened again.',
    district: { share: 0.1, minimum: 25 },
    school: { share: 0.15, minimum: 8 },
  },
  status: {
    label: 'Other changes of status',
    explanation:
      'Students whose status would change in another way, such as from Graduated to Inactive. Pre-Enrolled students who become Enrolled are not counted.',
    district: { share: 0.1, minimum: 15 },
    school: { share: 0.15, minimum: 6 },
  },
  moved: {
    label: 'Students changing schools during a school year',
    explanation:
      'Students whose school would change within the same school year after it has begun. They count for the school they leave.',
    district: { share: 0.1, minimum: 25 },
    school: { share: 0.15, minimum: 8 },
  },
  added: {
    label: 'New students',
    explanation:
      'New students, except Pre-Enrolled ones and those whose enrollment starts from July to September.',
    district: { share: 0.1, minimum: 25 },
    school: { share: 0.15, minimum: 8 },
  },
  'added-in-season': {
    label: 'New students for a new school year',
    explanation:
      'New students who are Pre-Enrolled, or whose enrollment starts from July to September.',
    district: { share: 0.5, minimum: 50 },
    school: null,
  },
  doubled: {
    label: 'New students who exist already',
    explanation: 'New students with the name and date of birth of a student who exists.',
    district: { share: 0.02, minimum: 5 },
    school: { share: 0.05, minimum: 4 },
  },
  missing: {
    label: 'Former students removed',
    explanation: 'Inactive and Graduated students who are no longer in Skyward.',
    district: { share: 0.3, minimum: 25 },
    school: null,
  },
  identity: {
    label: 'Changes of a name, date of birth or ID',
    explanation:
      'Students for whom one of these values would be replaced by another: name, legal name, date of birth, gender, race, ethnicity, student number, state ID. Each field is counted separately.',
    district: { share: 0.05, minimum: 10 },
    school: { share: 0.1, minimum: 5 },
  },
  changed: {
    label: 'Changes of any other field',
    explanation:
      'Students for whom a value would be replaced by another, of their own, of a guardian or of an enrollment. Each field is counted separately.',
    district: { share: 0.1, minimum: 20 },
    school: { share: 0.1, minimum: 5 },
  },
  contacts: {
    label: 'Changes of addresses, phones or e-mails',
    explanation:
      'Students for whom addresses, phone numbers or e-mail addresses would be replaced, their own or those of a guardian. Each is counted separately.',
    district: { share: 0.15, minimum: 25 },
    school: { share: 0.2, minimum: 12 },
  },
  uniform: {
    label: 'Different values replaced by the same',
    explanation:
      'Students who would get one and the same value in place of at least three different ones, such as one phone number for all. Each field is counted separately.',
    district: { share: 0.05, minimum: 10 },
    school: { share: 0.1, minimum: 5 },
  },
  classes: {
    label: 'Changes that many share',
    explanation:
      'Students whose homeroom, homeroom teacher or advisor would be replaced, whose teacher or advisor would be removed, for whom only area codes of phone numbers would change, or the school of an enrollment that has yet to start. Each field is counted separately.',
    district: { share: 0.3, minimum: 25 },
    school: { share: 0.5, minimum: 10 },
  },
  emptied: {
    label: 'Values removed',
    explanation:
      'Students who would lose the value of a field, of their own, of a guardian or of an enrollment, or a detail of it: a mark, such as custody or confidential, a part, such as the type of a phone, or an own legal name. Each is counted separately.',
    district: { share: 0.1, minimum: 20 },
    school: { share: 0.1, minimum: 5 },
  },
  guardians: {
    label: 'Guardians added or removed',
    explanation: 'Students who would gain or lose a guardian.',
    district: { share: 0.1, minimum: 20 },
    school: { share: 0.1, minimum: 5 },
  },
  enrollments: {
    label: 'Enrollments removed',
    explanation: 'Students who would lose an enrollment.',
    district: { share: 0.1, minimum: 20 },
    school: { share: 0.1, minimum: 5 },
  },
  overlapping: {
    label: 'Enrollments doubled',
    explanation:
      'Students who would gain an enrollment at a school and for a time for which they have one.',
    district: { share: 0.05, minimum: 10 },
    school: { share: 0.1, minimum: 5 },
  },
  ending: {
    label: 'Enrollments ending early',
    explanation:
      'Students for whom an end date that is still ahead would be entered, more than 45 days before the end of the school year.',
    district: { share: 0.05, minimum: 10 },
    school: { share: 0.1, minimum: 5 },
  },
  lists: {
    label: 'Records missing from a list',
    explanation:
      'Records of a list, such as phones, that Skyward sent in the last completed import and does not send now. Each list is counted separately.',
    district: { share: 0.4, minimum: 25 },
    school: null,
  },
  damaged: {
    label: 'Damaged characters',
    explanation:
      'Students for whom a text would contain characters that show a wrong encoding, such as “Ã©” instead of “é”.',
    district: { share: 0.005, minimum: 3 },
    school: { share: 0.01, minimum: 3 },
  },
} as const satisfies Readonly<Record<string, SafetyLimit>>;

export type LimitKey = keyof typeof limits;

/** All limits, in the order of the settings page. */
export const safetyLimits: Readonly<Record<LimitKey, SafetyLimit>> = limits;

export const limitKeys = Object.keys(limits) as readonly LimitKey[];

const Override = z
  .strictObject({ district: Threshold.optional(), school: Threshold.optional() })
  .meta({ id: 'SafetyLimitOverride' });

/** For limits that are not checked for single schools. */
const DistrictOverride = Override.omit({ school: true }).meta({
  id: 'SafetyLimitDistrictOverride',
});

const overrides = Object.fromEntries(
  limitKeys.map((key) => [
    key,
    (safetyLimits[key].school === null ? DistrictOverride : Override).optional(),
  ]),
) as Record<LimitKey, z.ZodOptional<typeof Override>>;

/** A district's own thresholds; a limit or scope that is absent has its default. */
export const LimitOverrides = z.strictObject(overrides).meta({
  id: 'SafetyLimitOverrides',
  description: 'Thresholds that differ from the defaults (docs/safety-limits.md).',
});
export type LimitOverrides = z.infer<typeof LimitOverrides>;

/** Returns the threshold in effect; null if the limit is not checked in this scope. */
export const thresholdOf = (
  key: LimitKey,
  scope: LimitScope,
  own: LimitOverrides,
): Threshold | null => safetyLimits[key][scope] && (own[key]?.[scope] ?? safetyLimits[key][scope]);

const scopes = ['district', 'school'] as const;

const isSame = (a: Threshold | null, b: Threshold | null): boolean =>
  a?.share === b?.share && a?.minimum === b?.minimum;

/** Returns the limits of which the threshold in effect differs, in the order of the settings page. */
export const findChangedLimits = (
  before: LimitOverrides,
  after: LimitOverrides,
): readonly LimitKey[] =>
  limitKeys.filter((key) =>
    scopes.some(
      (scope) => !isSame(thresholdOf(key, scope, before), thresholdOf(key, scope, after)),
    ),
  );

/** Returns the overrides with this threshold; without one for the scope if it is the default. */
export function withThreshold(
  own: LimitOverrides,
  key: LimitKey,
  scope: LimitScope,
  threshold: Threshold,
): LimitOverrides {
  const { [key]: before = {}, ...others } = own;
  const { [scope]: _replaced, ...kept } = before;
  const isDefault = isSame(threshold, safetyLimits[key][scope]);
  const changed = isDefault ? kept : { ...kept, [scope]: threshold };
  return Object.keys(changed).length === 0 ? others : { ...others, [key]: changed };
}

/** Returns the threshold for students made inactive, which also applies to changes caused by the date alone. */
export const inactiveThreshold = (own: LimitOverrides): Threshold =>
  own.inactive?.district ?? safetyLimits.inactive.district;

/** So many of a base are enough in a district or school of any size, if they are more than half of it. */
const smallestMass = 5;

/** Returns whether `count` of `base` is at least the minimum, which falls with the size: more than half, and at least five. */
export const reachesMinimum = (
  count: number,
  base: number,
  { minimum }: Pick<Threshold, 'minimum'>,
): boolean =>
  count > 0 && count >= Math.min(minimum, Math.max(smallestMass, Math.floor(base / 2) + 1));

/** Returns whether `count` of `base` exceeds a threshold: more than its share, and at least its minimum. */
export const exceeds = (count: number, base: number, threshold: Threshold): boolean =>
  // Slightly more than the product: 0.29 * 100 is less than 29 in floating point.
  reachesMinimum(count, base, threshold) && count > base * threshold.share + 1e-6;
