/** Safety limits in words. Pure. */
import {
  findChangedLimits,
  type LimitKey,
  type LimitOverrides,
  safetyLimits,
  type Threshold,
  thresholdOf,
} from '../../src/contract/safety-limits.ts';

/** Returns a share as a percentage with at most one decimal: 0.005 is 0.5. */
export const toPercent = (share: number): number => Math.round(share * 1000) / 10;

/** Returns `10%, at least 25`. */
export const describeThreshold = ({ share, minimum }: Threshold): string =>
  `${toPercent(share)}%, at least ${minimum.toLocaleString('en-US')}`;

/** Returns the thresholds of the limits that differ from another version, one sentence each. */
export const describeLimits = (own: LimitOverrides, other: LimitOverrides): string =>
  findChangedLimits(own, other)
    .map((key) => `${safetyLimits[key].label}: ${describeLimit(key, own)}.`)
    .join(' ');

function describeLimit(key: LimitKey, own: LimitOverrides): string {
  const district = thresholdOf(key, 'district', own);
  const school = thresholdOf(key, 'school', own);
  return [
    ...(district === null ? [] : [`district ${describeThreshold(district)}`]),
    ...(school === null ? [] : [`each school ${describeThreshold(school)}`]),
  ].join('; ');
}
