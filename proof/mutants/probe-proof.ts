/**
 * Probes mutants (sandboxes with other combinations of forms) and compares each report with the mutant's switches.
 *
 * Defined before the first run: a switch counts as observable in a mutant unless
 * - it is declared as not observable (`isObservable`);
 * - it has its default value, which a report could contain by chance;
 * - the mutant stops the probe and the report names the cause: with another integration token no token is issued, and
 *   nothing else can be observed. A report that does not name the cause has found none of the mutant's switches;
 * - another switch hides it (`hiddenBy`), so that both values look the same from outside.
 * If two values look the same, either name is right (`equivalentValues`).
 */
import {
  contractSwitches,
  defaultSwitchValues,
  type SwitchName,
} from '../../sandbox/api/contract-switches.ts';
import { startSandbox, type RunningSandbox } from '../../sandbox/sandbox.ts';
import { parseSwitchValues } from '../../sandbox/api/switches.ts';
import { neededObjects } from '../../src/qmlativ/objects/needed-objects.ts';
import { probe, probeLimits, type ProbeOptions } from '../../src/qmlativ/probe/probe.ts';
import { probeReport, type ProbeReport } from '../../src/qmlativ/probe/probe-report.ts';
import { unnamedVendor } from '../../src/qmlativ/vendor-identity.ts';
import { sandboxDate } from '../../tests/skyward/sandbox-district.ts';
import { changeDistrict } from './changed-district.ts';
import type { Mutant } from './mutants.ts';

export interface ProbeProofResult {
  mutants: number;
  /** Observable switches with other than default values, over all mutants, and those reported correctly. */
  observable: number;
  found: number;
  share: number;
  /** Part of `found`: reported by an equivalent name. Not part of `observable`: hidden by another switch. */
  byOtherName: number;
  hiddenCount: number;
  maxRequests: number;
  maxSeconds: number;
  stopped: number;
  /** `found/observable` for each switch. */
  bySwitch: Record<string, string>;
  /** Values reported as certain that are not the mutant's. */
  wrong: string[];
  undetermined: string[];
  differences: string[];
}

const minShare = 0.95;

/** Conditions under which a switch looks the same whatever its value. */
const hiddenBy: Partial<Record<SwitchName, (mutant: Mutant) => boolean>> = {
  // No page has a next link, the last one included.
  'last-next': (mutant) => mutant['next-form'] === 'none',
  // Latin-1 has no byte order mark.
  'byte-order-mark': (mutant) => mutant.charset === 'latin-1',
  // Without end dates there is nothing to compare with.
  'withdrawal-date': (mutant) => mutant['required-field-not-granted'] !== undefined,
  // Each kind of missing value has its own form; only related rows remain to be null or absent.
  'missing-value': (mutant) =>
    mutant['missing-text'] !== undefined &&
    mutant['missing-id'] !== undefined &&
    mutant['missing-date'] !== undefined &&
    mutant['dotted-fields'] !== undefined,
};

/** Another value that looks the same from outside. */
const equivalentValues: Partial<Record<SwitchName, (mutant: Mutant) => string | undefined>> = {
  // Where rows omit missing values, a field that is null in all rows is absent from all.
  'field-not-granted': (mutant) =>
    mutant['field-not-granted'] === 'null-for-all' &&
    mutant['missing-value'] === 'absent' &&
    mutant['missing-text'] === undefined
      ? 'absent'
      : undefined,
  'required-field-not-granted': (mutant) =>
    mutant['required-field-not-granted'] === 'null-for-all' &&
    mutant['missing-value'] === 'absent' &&
    mutant['missing-date'] === undefined
      ? 'absent'
      : undefined,
  // An object without rows responds as the switch `empty-list` says.
  'list-not-granted': (mutant) =>
    mutant['list-not-granted'] === 'empty-list' && mutant['empty-list'] === 'null-list'
      ? 'null-list'
      : undefined,
};

/** Probes each mutant and counts the correctly reported switches; `change` alters reports, to test the comparison. */
export async function proveProbe(
  mutants: readonly Mutant[],
  { from }: { readonly from: number },
  onProgress: (sentence: string) => void,
  change: (report: ProbeReport) => ProbeReport = (report) => report,
): Promise<ProbeProofResult> {
  const result: ProbeProofResult = {
    mutants: mutants.length,
    observable: 0,
    found: 0,
    share: 0,
    byOtherName: 0,
    hiddenCount: 0,
    maxRequests: 0,
    maxSeconds: 0,
    stopped: 0,
    bySwitch: {},
    wrong: [],
    undetermined: [],
    differences: [],
  };
  const counts = new Map<string, { found: number; observable: number }>();
  for (const [index, mutant] of mutants.entries()) {
    const number = from + index;
    const report = change(await probeMutant(mutant));
    // Throws for names and values that the sandbox does not know.
    parseSwitchValues(report);
    result.maxRequests = Math.max(result.maxRequests, report.requests);
    result.maxSeconds = Math.max(result.maxSeconds, report.seconds);
    const isStopNamed = mutant['integration-token'] === 'other' && namesToken(report);
    if (isStopNamed) result.stopped += 1;
    if (!isStopNamed) result.hiddenCount += hiddenSwitches(mutant).length;
    for (const name of isStopNamed ? [] : observableSwitches(mutant)) {
      const count = counts.get(name) ?? { found: 0, observable: 0 };
      counts.set(name, count);
      count.observable += 1;
      const value = report.switches[name] ?? null;
      const isFound =
        value === mutant[name] || (value !== null && value === equivalentValues[name]?.(mutant));
      if (isFound && value !== mutant[name]) result.byOtherName += 1;
      if (isFound) count.found += 1;
      else if (value === null)
        result.undetermined.push(`${number}: ${name}=${mutant[name]}: ${report.untold[name]}`);
      else result.wrong.push(`${number}: ${name}=${mutant[name]}, reported ${value}`);
    }
    for (const [name, value] of Object.entries(report.switches))
      if (value !== null && mutant[name as SwitchName] === undefined && !isDefault(name, value))
        result.wrong.push(`${number}: ${name} at its default, reported ${value}`);
    onProgress(`${number}: ${report.requests} requests, ${report.seconds} s`);
  }
  for (const [name, { found, observable }] of counts) {
    result.bySwitch[name] = `${found}/${observable}`;
    result.found += found;
    result.observable += observable;
  }
  result.share = result.observable === 0 ? 1 : result.found / result.observable;
  if (result.share < minShare)
    result.differences.push(`found ${result.found} of ${result.observable}`);
  if (result.maxRequests > probeLimits.requests)
    result.differences.push(`${result.maxRequests} requests`);
  if (result.maxSeconds > probeLimits.ms / 1000)
    result.differences.push(`${result.maxSeconds} seconds`);
  return result;
}

const isDefault = (name: string, value: string) =>
  defaultSwitchValues[name as SwitchName] === value;

const namesToken = ({ stop, needs }: ProbeReport): boolean =>
  stop?.code === 'wrong-credentials' && needs.some(({ kind }) => kind === 'integration-token');

/** Returns the switches of a mutant that a report must have right. */
const observableSwitches = (mutant: Mutant): SwitchName[] =>
  observableSwitchesOf(mutant).filter((name) => hiddenBy[name]?.(mutant) !== true);

const hiddenSwitches = (mutant: Mutant): SwitchName[] =>
  observableSwitchesOf(mutant).filter((name) => hiddenBy[name]?.(mutant) === true);

const observableSwitchesOf = (mutant: Mutant): SwitchName[] =>
  (Object.keys(mutant) as SwitchName[]).filter((name) => contractSwitches[name].isObservable);

/** Opens a mutant's sandbox district, after the same changes as for imports. */
export async function openProbedSkyward(mutant: Mutant): Promise<RunningSandbox> {
  const skyward = await startSandbox({
    port: 0,
    today: sandboxDate,
    students: 110,
    schools: 3,
    years: 3,
    seed: 5,
    switches: mutant,
  });
  changeDistrict(skyward.sandbox);
  return skyward;
}

/** Probes a sandbox as the command does, but without the delays that a server asks for. */
export async function probeSkyward(
  skyward: RunningSandbox,
  entityId: number | null,
  {
    when = Temporal.Now.instant(),
    ...options
  }: Partial<Pick<ProbeOptions, 'limits' | 'now' | 'delay' | 'requestTimeoutMs'>> & {
    when?: Temporal.Instant;
  } = {},
): Promise<ProbeReport> {
  const outcome = await probe({
    baseUrl: skyward.baseUrl,
    clientKey: skyward.clientKey,
    clientSecret: skyward.clientSecret,
    integrationToken: skyward.sandbox.integrationToken,
    userAgent: unnamedVendor.userAgent,
    allowPrivateAddresses: true,
    entityId,
    delay: () => Promise.resolve(),
    ...options,
  });
  return probeReport(outcome, neededObjects(), when);
}

async function probeMutant(mutant: Mutant): Promise<ProbeReport> {
  const skyward = await openProbedSkyward(mutant);
  try {
    // As an administrator would configure it.
    const entityId = mutant['system-metadata'] === 'refused' ? skyward.entityId : null;
    return await probeSkyward(skyward, entityId);
  } finally {
    await skyward.close();
  }
}
