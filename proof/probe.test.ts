/** A probe of the sandbox in many forms: what it finds, what it costs, and that its report holds nobody's data. */
import { expect, it } from 'vitest';
import {
  contractSwitches,
  defaultSwitchValues,
  type SwitchName,
} from '../sandbox/contract-switches.ts';
import { openProbedSkyward, probeSkyward } from './probe-proof.ts';
import { readSwitches } from '../sandbox/switches.ts';
import { switchReadings } from '../src/qmlativ/probe/switch-readings.ts';

it('reports every switch of the sandbox that a probe can tell, and no other', () => {
  const observable = Object.entries(contractSwitches)
    .filter(([, { isObservable }]) => isObservable)
    .map(([name]) => name);
  expect(Object.keys(switchReadings).toSorted()).toEqual(observable.toSorted());
});

it('finds each switch of a sandbox in the default forms', async () => {
  const skyward = await openProbedSkyward({});
  try {
    const report = await probeSkyward(skyward, null);
    expect(report.untold).toEqual({});
    for (const [name, value] of Object.entries(report.switches))
      expect([name, value]).toEqual([name, defaultSwitchValues[name as SwitchName]]);
    expect(report).toMatchObject({ stop: null, isComplete: true, token: { form: 'post-form' } });
    expect(report.requests).toBeLessThanOrEqual(60);
    expect(report.objects.every(({ state }) => state === 'granted')).toBe(true);
    expect(report.needs.filter(({ isRequired }) => isRequired)).toEqual([]);
  } finally {
    await skyward.close();
  }
});

it('goes round: a sandbox that loads the report is reported the same way', async () => {
  const first = await openProbedSkyward({
    'token-form': 'get-basic',
    'path-case': 'lower-prefix',
    'envelope-case': 'lower',
    'field-case': 'upper',
    'next-form': 'absolute',
    'last-next': 'empty',
    'page-size': 'capped-at-50',
    'past-the-end': 'status-404',
    sort: 'refused',
    'dotted-fields': 'flat',
    'list-not-granted': 'refused-400',
    'required-not-granted': 'empty-list',
    'field-not-granted': 'refused-401-without-name',
    'error-body': 'html',
    'missing-date': 'last-day-of-dotnet',
    'date-form': 'us-midnight-narrow-space',
    charset: 'utf-16',
    'content-encoding': 'deflate',
    'withdrawal-date': 'next-day',
  });
  const when = Temporal.Instant.from('2050-05-05T05:05:05Z');
  const report = await probeSkyward(first, null, when);
  await first.close();
  const second = await openProbedSkyward(readSwitches(JSON.parse(JSON.stringify(report))));
  try {
    const again = await probeSkyward(second, null, when);
    expect({ ...again, seconds: 0 }).toEqual({ ...report, seconds: 0 });
    expect(report.switches).toMatchObject({ 'token-form': 'get-basic', charset: 'utf-16' });
  } finally {
    await second.close();
  }
});
