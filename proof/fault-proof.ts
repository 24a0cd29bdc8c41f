/**
 * Every way in which a Skyward misbehaves, on everything that a night asks it for, once and for ever: what is
 * published stays whole, the message says what happened where, and the next night is right.
 */
import { faultKinds, type Fault } from '../sandbox/api/fault.ts';
import { startSandbox, type RunningSandbox } from '../sandbox/sandbox.ts';
import type { Database } from '../src/database/database.ts';
import type { ImportOutcome } from '../src/import/import-report.ts';
import { addDistrict, sandboxDate, runSandboxImport } from '../tests/skyward/sandbox-district.ts';
import { changeEverybody, publishedData } from '../tests/builders/published-data.ts';

/** What a night asks for; the lists have a second page in the practice district. */
const faultTargets = [
  'oauth/token',
  'GetSystemMetadata',
  'District/SchoolYear',
  'Enrollment/WithdrawalCode',
  'Student/Student',
  'Enrollment/EntryWithdrawal',
  'Enrollment/StudentEntityYear',
  'Demographics/Name',
  'Demographics/NameAlias',
  'Family/StudentGuardian',
  'Family/Family',
  'Family/StudentFamily',
  'Family/FamilyGuardian',
  'Demographics/Address',
  'Demographics/NameAddress',
  'Demographics/NamePhone',
  'Demographics/NameEmail',
] as const;

const pagesOf = (target: string): readonly (number | undefined)[] =>
  target.includes('/') && target !== 'oauth/token' && !/SchoolYear$|Code$/.test(target)
    ? [1, 2]
    : [undefined];

/** Every fault on every target; those that change rows only where there are rows. */
export function everyFault(): Fault[] {
  const aboutRows = new Set<string>([
    'slow',
    'duplicate-page',
    'empty-page',
    'short-page',
    'missing-page',
    'shrinking-list',
    'wrong-type',
    'unknown-field',
  ]);
  return faultTargets.flatMap((object) => {
    const hasRows = object !== 'oauth/token' && object !== 'GetSystemMetadata';
    return faultKinds
      .filter((kind) => hasRows || (!aboutRows.has(kind) && kind !== 'cut-body'))
      .flatMap((kind) =>
        pagesOf(object).map((page) => ({ kind, object, ...(page === undefined ? {} : { page }) })),
      );
  });
}

export interface FaultFigures {
  faults: number;
  nights: number;
  /** How the nights ended on which a fault happened, and the codes of those that failed or were held. */
  ends: Record<string, number>;
  differences: string[];
}

/** What a proof of faults is played on, and how often each fault happens. */
export interface FaultOptions {
  readonly students: number;
  /** Rows on a page: small enough that every list has a second one. */
  readonly pageSize: number;
  readonly times: readonly NonNullable<Fault['times']>[];
}

/** As `npm run proof -- faults` plays them. */
const longProof: FaultOptions = { students: 160, pageSize: 50, times: ['ever', 1] };

/**
 * Whether a night may go through without bringing everything: rows or codes that cannot be read leave their
 * students as last imported, and a list of one page that says it is whole and is not can't be told from one that is.
 */
function mayPass(skyward: RunningSandbox, { kind, object = '' }: Fault, pageSize: number): boolean {
  if (kind === 'wrong-type' || /SchoolYear$|Code$/.test(object)) return true;
  const changesRows = ['empty-page', 'short-page', 'missing-page', 'shrinking-list'].includes(kind);
  return changesRows && [...skyward.sandbox.rows(object).ids()].length <= pageSize;
}

/** Plays each fault, in the long form for ever and then once, each on a night that would change everybody. */
export async function proveFaults(
  database: Database,
  faults: readonly Fault[],
  tell: (sentence: string) => void,
  { students, pageSize, times: everyTimes }: FaultOptions = longProof,
): Promise<FaultFigures> {
  const skyward = await startSandbox({
    port: 0,
    students,
    seed: 31,
    today: sandboxDate,
    access: { expirationDate: null },
  });
  const figures: FaultFigures = { faults: 0, nights: 0, ends: {}, differences: [] };
  try {
    const disturbed = await addDistrict(database, 'disturbed.example');
    const undisturbed = await addDistrict(database, 'undisturbed.example');
    // Without the history: a wrong night would stand in there for ever, and be counted for ever.
    const valuesOf = (district: number) =>
      publishedData(database.pool, district, { withHistory: false });
    const nightOf = async (districtId: number) =>
      runSandboxImport(database.pool, skyward, districtId, {
        connection: { pageSize, requestTimeoutMs: 800 },
      });
    await nightOf(disturbed);
    await nightOf(undisturbed);
    for (const [index, fault] of faults.entries()) {
      changeEverybody(skyward.sandbox, index + 1);
      await nightOf(undisturbed);
      const before = await valuesOf(disturbed);
      const after = await valuesOf(undisturbed);
      for (const times of everyTimes) {
        skyward.sandbox.faults.add({ ...fault, times });
        const night = await nightOf(disturbed);
        if (skyward.sandbox.faults.countTaken() === 0)
          figures.differences.push(`${nameOf(fault)}, ${times}: it did not happen`);
        skyward.sandbox.faults.clear();
        figures.nights += 1;
        const end = [night.state, night.failure?.code].filter(Boolean).join(' ');
        figures.ends[end] = (figures.ends[end] ?? 0) + 1;
        const now = await valuesOf(disturbed);
        const wrong = wrongWith(night, {
          fault,
          before,
          after,
          now,
          maySkip: mayPass(skyward, fault, pageSize),
        });
        if (wrong !== undefined)
          figures.differences.push(`${nameOf(fault)}, ${times}: the night is ${end}; ${wrong}`);
      }
      await nightOf(disturbed);
      if ((await valuesOf(disturbed)) !== after)
        figures.differences.push(`${nameOf(fault)}: the next night is not right`);
      figures.faults += 1;
      if (figures.faults % 25 === 0)
        tell(`${figures.faults} of ${faults.length} faults, now ${nameOf(fault)}`);
    }
    return figures;
  } finally {
    await skyward.close();
  }
}

const nameOf = ({ kind, object, page }: Fault) =>
  [`${kind} on ${object}`, page === undefined ? undefined : `page ${page}`]
    .filter((part) => part !== undefined)
    .join(', ');

function wrongWith(
  night: ImportOutcome,
  seen: { fault: Fault; before: string; after: string; now: string; maySkip: boolean },
): string | undefined {
  const { fault, before, after, now, maySkip } = seen;
  if (night.state === 'failed' || night.state === 'held') {
    if (now !== before && now !== after) return 'what was published is not whole';
    const { message = '', advice = '' } = night.failure ?? {};
    const saysWhere =
      night.state === 'held' ||
      fault.object === 'oauth/token' ||
      message.includes(fault.object ?? '');
    if (!saysWhere) return `the message does not say where: ${message}`;
    return advice.length > 20 ? undefined : 'there is no advice';
  }
  if (night.state !== 'published' && night.state !== 'unchanged') return 'it should not be';
  const isLeftOut = (night.report?.missingPermissions.length ?? 0) > 0;
  return isLeftOut || maySkip || now === after ? undefined : 'what was published is not right';
}
