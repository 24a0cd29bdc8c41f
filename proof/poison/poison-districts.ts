/** The districts of the proof: small, middle and large, whose years start in different seasons. */
import type { PoisonDistrict } from './poison-proof.ts';

/** Days with poison in each year. */
const turns = 8;
/** A district has some weeks of healthy imports before the first. */
const earliest = 20;

/** Lists the districts, with poison on days spread over the imports. */
export function listPoisonDistricts(imports: number): PoisonDistrict[] {
  const span = Math.max(0, imports - earliest);
  const poisonAfter = Array.from(
    { length: turns },
    (_, turn) => earliest + Math.floor((span * (turn + 1)) / turns),
  ).filter((day) => day <= imports);
  const common = { imports, poisonAfter };
  return [
    { students: 60, schools: 2, seed: 21, from: '2026-07-06', yearEnd: 'at-roll-over', ...common },
    { students: 300, schools: 4, seed: 22, from: '2026-11-16', yearEnd: 'on-last-day', ...common },
    {
      students: 1200,
      schools: 6,
      seed: 23,
      from: '2027-03-01',
      yearEnd: 'at-roll-over',
      ...common,
    },
  ];
}
