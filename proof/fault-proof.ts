/**
 * Injects every kind of fault into every list and table that an import requests, once and persistently: one import
 * must be published as a whole, the message must say what failed and where, and the next import must be right.
 */
import { faultKinds, type Fault } from '../sandbox/api/fault.ts';
import { startSandbox, type RunningSandbox } from '../sandbox/sandbox.ts';
import type { Database } from '../src/database/database.ts';
import type { ImportOutcome } from '../src/import/import-report.ts';
import { addDistrict, sandboxDate, runSandboxImport } from '../tests/skyward/sandbox-district.ts';
import { changeAllStudents, publishedData } from '../tests/builders/published-data.ts';

/** What an import requests; the lists have a second page in the sandbox district. */
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

const listPages = (target: string): readonly (number | undefined)[] =>
  target.includes('/') && target !== 'oauth/token' && !/SchoolYear$|Code$/.test(target)
    ? [1, 2]
    : [undefined];

/** Lists every fault on every target; those about rows only on targets with rows. */
export function listFaults(): Fault[] {
  const rowFaults = new Set<string>([
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
      .filter((kind) => hasRows || (!rowFaults.has(kind) && kind !== 'cut-body'))
      .flatMap((kind) =>
        listPages(object).map((page) => ({
          kind,
          object,
          ...(page === undefined ? {} : { page }),
        })),
      );
  });
}

export interface FaultResult {
  faults: number;
  imports: number;
  /** Number of imports with a fault by state and error code. */
  outcomes: Record<string, number>;
  differences: string[];
}

/** Size of the district, and how often each fault occurs. */
export interface FaultOptions {
  readonly students: number;
  /** Rows per page: small enough that every list has a second page. */
  readonly pageSize: number;
  readonly times: readonly NonNullable<Fault['times']>[];
}

/** The options of `npm run proof -- faults`. */
const fullOptions: FaultOptions = { students: 160, pageSize: 50, times: ['ever', 1] };

/**
 * Returns whether an import may complete without all data: students with unreadable rows or codes are not updated,
 * and a list of one page that is truncated looks like a complete one.
 */
function mayPublish(
  skyward: RunningSandbox,
  { kind, object = '' }: Fault,
  pageSize: number,
): boolean {
  if (kind === 'wrong-type' || /SchoolYear$|Code$/.test(object)) return true;
  const changesRows = ['empty-page', 'short-page', 'missing-page', 'shrinking-list'].includes(kind);
  return changesRows && [...skyward.sandbox.rows(object).ids()].length <= pageSize;
}

/** Runs an import with each fault, persistent and then once; each import would change every student. */
export async function proveFaults(
  database: Database,
  faults: readonly Fault[],
  onProgress: (sentence: string) => void,
  { students, pageSize, times: repetitions }: FaultOptions = fullOptions,
): Promise<FaultResult> {
  const skyward = await startSandbox({
    port: 0,
    students,
    seed: 31,
    today: sandboxDate,
    access: { expirationDate: null },
  });
  const result: FaultResult = { faults: 0, imports: 0, outcomes: {}, differences: [] };
  try {
    const disturbed = await addDistrict(database, 'disturbed.example');
    const undisturbed = await addDistrict(database, 'undisturbed.example');
    // Without the history: one wrong import would differ in it from then on.
    const readValues = (district: number) =>
      publishedData(database.pool, district, { withHistory: false });
    const runImport = async (districtId: number) =>
      runSandboxImport(database.pool, skyward, districtId, {
        connection: { pageSize, requestTimeoutMs: 800 },
      });
    await runImport(disturbed);
    await runImport(undisturbed);
    for (const [index, fault] of faults.entries()) {
      changeAllStudents(skyward.sandbox, index + 1);
      await runImport(undisturbed);
      const before = await readValues(disturbed);
      const after = await readValues(undisturbed);
      for (const times of repetitions) {
        skyward.sandbox.faults.add({ ...fault, times });
        const outcome = await runImport(disturbed);
        if (skyward.sandbox.faults.countTaken() === 0)
          result.differences.push(`${formatFault(fault)}, ${times}: the fault did not occur`);
        skyward.sandbox.faults.clear();
        result.imports += 1;
        const outcomeText = [outcome.state, outcome.failure?.code].filter(Boolean).join(' ');
        result.outcomes[outcomeText] = (result.outcomes[outcomeText] ?? 0) + 1;
        const now = await readValues(disturbed);
        const difference = findDifference(outcome, {
          fault,
          before,
          after,
          now,
          maySkipData: mayPublish(skyward, fault, pageSize),
        });
        if (difference !== undefined)
          result.differences.push(
            `${formatFault(fault)}, ${times}: the import is ${outcomeText}; ${difference}`,
          );
      }
      await runImport(disturbed);
      if ((await readValues(disturbed)) !== after)
        result.differences.push(`${formatFault(fault)}: the next import is not right`);
      result.faults += 1;
      if (result.faults % 25 === 0)
        onProgress(`${result.faults} of ${faults.length} faults, now ${formatFault(fault)}`);
    }
    return result;
  } finally {
    await skyward.close();
  }
}

const formatFault = ({ kind, object, page }: Fault) =>
  [`${kind} on ${object}`, page === undefined ? undefined : `page ${page}`]
    .filter((part) => part !== undefined)
    .join(', ');

function findDifference(
  outcome: ImportOutcome,
  observed: { fault: Fault; before: string; after: string; now: string; maySkipData: boolean },
): string | undefined {
  const { fault, before, after, now, maySkipData } = observed;
  if (outcome.state === 'failed' || outcome.state === 'held') {
    if (now !== before && now !== after) return 'what was published is not whole';
    const { message = '', advice = '' } = outcome.failure ?? {};
    const saysWhere =
      outcome.state === 'held' ||
      fault.object === 'oauth/token' ||
      message.includes(fault.object ?? '');
    if (!saysWhere) return `the message does not say where: ${message}`;
    return advice.length > 20 ? undefined : 'there is no advice';
  }
  if (outcome.state !== 'published' && outcome.state !== 'unchanged') return 'it should not be';
  const hasMissingPermissions = (outcome.report?.missingPermissions.length ?? 0) > 0;
  return hasMissingPermissions || maySkipData || now === after
    ? undefined
    : 'what was published is not right';
}
