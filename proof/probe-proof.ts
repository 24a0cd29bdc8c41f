/**
 * Probes mutants: sandboxes that each speak in another mix of forms. What a report says of each switch is compared
 * with what the mutant was given.
 *
 * Written down before the first run: a switch counts as observable in a mutant unless
 * - it says of itself that a probe cannot tell (`isObservable`);
 * - it stands at its default, which every server may have by chance;
 * - the mutant stops the probe, and the report names that stop: another integration token gives no token, and behind
 *   that nothing can be seen. Whoever does not name the stop has found none of the mutant's switches;
 * - another switch hides it: see `hiders`. Each of them makes the two values look the same from outside.
 * A value that looks like another one from outside may be called by either name: see `sameAs`.
 */
import {
  contractSwitches,
  defaultSwitchValues,
  type SwitchName,
} from '../sandbox/api/contract-switches.ts';
import { startSandbox, type RunningSandbox } from '../sandbox/sandbox.ts';
import { parseSwitchValues } from '../sandbox/api/switches.ts';
import { neededObjects } from '../src/qmlativ/objects/needed-objects.ts';
import { probe, probeLimits, type ProbeOptions } from '../src/qmlativ/probe/probe.ts';
import { probeReport, type ProbeReport } from '../src/qmlativ/probe/probe-report.ts';
import { unnamedVendor } from '../src/qmlativ/vendor-identity.ts';
import { sandboxDate } from '../tests/skyward/sandbox-district.ts';
import { changeDistrict } from './mutant-district.ts';
import type { Mutant } from './mutants.ts';

export interface ProbeFigures {
  mutants: number;
  /** Observable switches off their default, over all mutants, and those that the reports have right. */
  observable: number;
  found: number;
  share: number;
  /** Of `found`, those told by another name that looks the same; beside `observable`, those that another one hides. */
  byOtherName: number;
  hidden: number;
  maxRequests: number;
  maxSeconds: number;
  stopped: number;
  /** `found/observable` for each switch. */
  bySwitch: Record<string, string>;
  /** Values told for certain that are not the mutant's. */
  wrong: string[];
  untold: string[];
  differences: string[];
}

const wantedShare = 0.95;

/** What makes a switch look the same whatever its value. */
const hiders: Partial<Record<SwitchName, (mutant: Mutant) => boolean>> = {
  // No page says anything of a next one, the last one included.
  'last-next': (mutant) => mutant['next-form'] === 'none',
  // Latin-1 has no byte order mark.
  'byte-order-mark': (mutant) => mutant.charset === 'latin-1',
  // Without end dates there is nothing to count from.
  'withdrawal-date': (mutant) => mutant['required-field-not-granted'] !== undefined,
  // Each kind of missing value has a form of its own, and only related rows are left to be null or absent.
  'missing-value': (mutant) =>
    mutant['missing-text'] !== undefined &&
    mutant['missing-id'] !== undefined &&
    mutant['missing-date'] !== undefined &&
    mutant['dotted-fields'] !== undefined,
};

/** Another name for what a mutant does, where both look alike from outside. */
const sameAs: Partial<Record<SwitchName, (mutant: Mutant) => string | undefined>> = {
  // What is null for all is left out of all rows where rows leave out what has no value.
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
  // An object without rows answers as `empty-list` (the switch) says.
  'list-not-granted': (mutant) =>
    mutant['list-not-granted'] === 'empty-list' && mutant['empty-list'] === 'null-list'
      ? 'null-list'
      : undefined,
};

/** Probes each mutant and counts what the reports have right; `change` spoils them, to see that it is told. */
export async function proveProbe(
  mutants: readonly Mutant[],
  { from }: { readonly from: number },
  tell: (sentence: string) => void,
  change: (report: ProbeReport) => ProbeReport = (report) => report,
): Promise<ProbeFigures> {
  const figures: ProbeFigures = {
    mutants: mutants.length,
    observable: 0,
    found: 0,
    share: 0,
    byOtherName: 0,
    hidden: 0,
    maxRequests: 0,
    maxSeconds: 0,
    stopped: 0,
    bySwitch: {},
    wrong: [],
    untold: [],
    differences: [],
  };
  const counts = new Map<string, { found: number; observable: number }>();
  for (const [place, mutant] of mutants.entries()) {
    const number = from + place;
    const report = change(await probeMutant(mutant));
    // Throws where a name or a value is none that the sandbox knows.
    parseSwitchValues(report);
    figures.maxRequests = Math.max(figures.maxRequests, report.requests);
    figures.maxSeconds = Math.max(figures.maxSeconds, report.seconds);
    const isStopNamed = mutant['integration-token'] === 'other' && namesToken(report);
    if (isStopNamed) figures.stopped += 1;
    if (!isStopNamed) figures.hidden += hiddenSwitches(mutant).length;
    for (const name of isStopNamed ? [] : observableSwitches(mutant)) {
      const count = counts.get(name) ?? { found: 0, observable: 0 };
      counts.set(name, count);
      count.observable += 1;
      const value = report.switches[name] ?? null;
      const isFound =
        value === mutant[name] || (value !== null && value === sameAs[name]?.(mutant));
      if (isFound && value !== mutant[name]) figures.byOtherName += 1;
      if (isFound) count.found += 1;
      else if (value === null)
        figures.untold.push(`${number}: ${name}=${mutant[name]}: ${report.untold[name]}`);
      else figures.wrong.push(`${number}: ${name}=${mutant[name]}, told ${value}`);
    }
    for (const [name, value] of Object.entries(report.switches))
      if (value !== null && mutant[name as SwitchName] === undefined && !isDefault(name, value))
        figures.wrong.push(`${number}: ${name} at its default, told ${value}`);
    tell(`${number}: ${report.requests} requests, ${report.seconds} s`);
  }
  for (const [name, { found, observable }] of counts) {
    figures.bySwitch[name] = `${found}/${observable}`;
    figures.found += found;
    figures.observable += observable;
  }
  figures.share = figures.observable === 0 ? 1 : figures.found / figures.observable;
  if (figures.share < wantedShare)
    figures.differences.push(`found ${figures.found} of ${figures.observable}`);
  if (figures.maxRequests > probeLimits.requests)
    figures.differences.push(`${figures.maxRequests} requests`);
  if (figures.maxSeconds > probeLimits.ms / 1000)
    figures.differences.push(`${figures.maxSeconds} seconds`);
  return figures;
}

const isDefault = (name: string, value: string) =>
  defaultSwitchValues[name as SwitchName] === value;

const namesToken = ({ stop, needs }: ProbeReport): boolean =>
  stop?.code === 'wrong-credentials' && needs.some(({ kind }) => kind === 'integration-token');

/** The switches of a mutant that a report has to have right. */
const observableSwitches = (mutant: Mutant): SwitchName[] =>
  tellableSwitches(mutant).filter((name) => hiders[name]?.(mutant) !== true);

const hiddenSwitches = (mutant: Mutant): SwitchName[] =>
  tellableSwitches(mutant).filter((name) => hiders[name]?.(mutant) === true);

const tellableSwitches = (mutant: Mutant): SwitchName[] =>
  (Object.keys(mutant) as SwitchName[]).filter((name) => contractSwitches[name].isObservable);

/** The practice district that mutants have, after the changes that an import of mutants meets. */
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

/** Probes a sandbox as the command would, without waiting where it asks for patience. */
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
    // As a person would have configured it.
    const entityId = mutant['system-metadata'] === 'refused' ? skyward.entityId : null;
    return await probeSkyward(skyward, entityId);
  } finally {
    await skyward.close();
  }
}
