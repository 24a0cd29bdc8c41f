/** The form of the district's settings: name, time zone, imports, next school year and safety limits. */
import { Autocomplete, Button, Checkbox, NumberInput, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';

import {
  type DistrictSettings,
  districtInformationApi,
} from '../../src/contract/districts/district-information.ts';
import { nextSchoolYearLabels, nextSchoolYears } from '../../src/enrollment/status-settings.ts';
import { ErrorMessage } from '../accounts/entry-card.tsx';
import { ApiError, callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { useNotice } from '../shell/notices.tsx';
import { invalidateInformation } from './settings-queries.ts';

/** Suggestions for districts in the United States; any other name can be typed. */
const timeZones = [
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Phoenix',
  'America/Los_Angeles',
  'America/Anchorage',
  'Pacific/Honolulu',
];

type Choice = Omit<DistrictSettings, 'domain' | 'version'>;

/** Labels of the settings in a conflict, in the order of the form. */
const names: Readonly<Record<keyof Choice, string>> = {
  name: 'Name',
  timeZone: 'Time zone',
  earliestStart: 'Earliest import time',
  isPaused: 'Pause nightly imports',
  nextSchoolYear: 'Next school year',
  holdShare: 'Percentage that puts an import on hold',
  holdMinimum: 'Students that put an import on hold',
};

const toChoice = ({ domain: _domain, version: _version, ...choice }: DistrictSettings): Choice =>
  choice;

export function SettingsForm({ stored }: { readonly stored: DistrictSettings }) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  // What the user typed is kept when another user saves; `seen` are the settings it is based on.
  const [seen, setSeen] = useState(stored);
  const [form, setForm] = useState<Choice>(toChoice(stored));
  const change = (part: Partial<Choice>) => setForm({ ...form, ...part });
  const save = useMutation({
    mutationFn: () =>
      callApi(districtInformationApi.changeDistrictSettings, {
        domain,
        body: { ...form, version: seen.version },
      }),
    onSuccess: (settings) => {
      setSeen(settings);
      setForm(toChoice(settings));
      notify({ message: 'Saved. The next import uses these settings.' });
    },
    onSettled: async () => invalidateInformation(queries, domain),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const isConflict = save.error instanceof ApiError && save.error.code === 'conflict';
  const isChanged = Object.entries(form).some(
    ([field, value]) => value !== seen[field as keyof Choice],
  );
  return (
    <form onSubmit={submit} className="settings-form" aria-label="District settings">
      {save.error && !isConflict && <ErrorMessage error={save.error} />}
      {isConflict && stored.version > seen.version && (
        <Conflict
          stored={stored}
          typed={form}
          onTakeTheirs={() => {
            setSeen(stored);
            setForm(toChoice(stored));
            save.reset();
          }}
          onKeepMine={() => {
            setSeen(stored);
            save.reset();
          }}
        />
      )}
      <TextInput
        label="Name"
        required
        withAsterisk={false}
        maxLength={200}
        value={form.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <TextInput
        label="E-mail domain"
        description="Contact support to change this."
        value={stored.domain}
        readOnly
      />
      <Autocomplete
        label="Time zone"
        description="For import times, dates and statuses."
        required
        withAsterisk={false}
        data={timeZones}
        value={form.timeZone}
        onChange={(timeZone) => change({ timeZone })}
      />
      <TextInput
        type="time"
        label="Earliest import time"
        description="Between 12:00 AM and 4:59 AM. Imports start up to two hours later, so that not all districts import at the same moment."
        min="00:00"
        max="04:59"
        required
        withAsterisk={false}
        value={form.earliestStart}
        onChange={(event) => change({ earliestStart: event.currentTarget.value })}
      />
      <Checkbox
        label="Pause nightly imports"
        description="Statuses are still updated every day, from the enrollments of the last completed import."
        checked={form.isPaused}
        onChange={(event) => change({ isPaused: event.currentTarget.checked })}
      />
      <Select
        label="Count enrollments of the next school year before it starts for"
        description="With the first option, students are Inactive from the last day of a school year to the first day of the next, unless Skyward’s current school year is already the new one."
        data={nextSchoolYears.map((value) => ({ value, label: nextSchoolYearLabels[value] }))}
        allowDeselect={false}
        value={form.nextSchoolYear}
        onChange={(nextSchoolYear) => nextSchoolYear && change({ nextSchoolYear })}
      />
      <fieldset className="safety-limits">
        <legend>Hold an import for review when</legend>
        <NumberInput
          label="more than this % of students would be removed or made inactive"
          suffix=" %"
          min={1}
          max={100}
          step={1}
          allowDecimal={false}
          required
          withAsterisk={false}
          value={Math.round(form.holdShare * 100)}
          onChange={(percent) => change({ holdShare: Number(percent) / 100 })}
        />
        <NumberInput
          label="and at least this many students"
          min={0}
          max={1_000_000}
          allowDecimal={false}
          required
          withAsterisk={false}
          value={form.holdMinimum}
          onChange={(students) => change({ holdMinimum: Number(students) })}
        />
      </fieldset>
      <Button type="submit" loading={save.isPending} disabled={!isChanged}>
        Save settings
      </Button>
    </form>
  );
}

interface ConflictProps {
  readonly stored: DistrictSettings;
  readonly typed: Choice;
  readonly onTakeTheirs: () => void;
  readonly onKeepMine: () => void;
}

/** Another user saved meanwhile: shows both versions, so that nothing is lost. */
function Conflict({ stored, typed, onTakeTheirs, onKeepMine }: ConflictProps) {
  const differing = (Object.keys(names) as (keyof Choice)[]).filter(
    (field) => stored[field] !== typed[field],
  );
  return (
    <div className="settings-conflict" role="alert">
      <strong>Another user changed the settings while you had them open.</strong>
      <table>
        <thead>
          <tr>
            <th scope="col">Setting</th>
            <th scope="col">Saved</th>
            <th scope="col">Yours</th>
          </tr>
        </thead>
        <tbody>
          {differing.map((field) => (
            <tr key={field}>
              <th scope="row">{names[field]}</th>
              <td>{formatValue(field, stored)}</td>
              <td>{formatValue(field, typed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="connection-actions">
        <Button size="compact-sm" variant="default" onClick={onTakeTheirs}>
          Use saved settings
        </Button>
        <Button size="compact-sm" onClick={onKeepMine}>
          Keep mine
        </Button>
      </div>
    </div>
  );
}

function formatValue(field: keyof Choice, choice: Choice): string {
  const value = choice[field];
  if (field === 'nextSchoolYear') return nextSchoolYearLabels[choice.nextSchoolYear];
  if (field === 'holdShare') return `${Math.round(choice.holdShare * 100)} %`;
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}
