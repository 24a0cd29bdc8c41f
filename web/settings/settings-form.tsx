/** What the district decides for itself: name, time zone, next school year, what holds a night. */
import { Autocomplete, Button, Checkbox, NumberInput, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';

import {
  type DistrictSettings,
  districtInformationApi,
} from '../../src/contract/districts/district-information.ts';
import { nextSchoolYearLabels, nextSchoolYears } from '../../src/enrollment/status-rules.ts';
import { ErrorMessage } from '../accounts/entry-card.tsx';
import { ApiError, callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { useNotice } from '../shell/notices.tsx';
import { invalidateInformation } from './settings-queries.ts';

/** As people of the United States would look for theirs; any other name can be typed. */
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

/** The names that people read, in the order of the form. */
const names: Readonly<Record<keyof Choice, string>> = {
  name: 'Name',
  timeZone: 'Time zone',
  earliestStart: 'Nights begin at',
  isPaused: 'Nights paused',
  nextSchoolYear: 'Next school year',
  holdShare: 'Share that holds a night',
  holdMinimum: 'Students that hold a night',
};

const toChoice = ({ domain: _domain, version: _version, ...choice }: DistrictSettings): Choice =>
  choice;

export function SettingsForm({ stored }: { readonly stored: DistrictSettings }) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  // What is typed stays as it is while somebody else saves; `seen` is what it was typed over.
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
      notify({ message: 'Saved. The next night goes by these settings.' });
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
        description="Addresses the district everywhere; we change it for you."
        value={stored.domain}
        readOnly
      />
      <Autocomplete
        label="Time zone"
        description="Nights, dates and statuses go by its clock."
        required
        withAsterisk={false}
        data={timeZones}
        value={form.timeZone}
        onChange={(timeZone) => change({ timeZone })}
      />
      <TextInput
        type="time"
        label="Nights may begin from"
        description="Up to two hours later, so that not every district asks Skyward at once; before 5:00 AM."
        min="00:00"
        max="04:59"
        required
        withAsterisk={false}
        value={form.earliestStart}
        onChange={(event) => change({ earliestStart: event.currentTarget.value })}
      />
      <Checkbox
        label="Pause the nights: nothing is imported until they go on"
        description="Statuses still follow the date, decided from the enrollments of the last good import."
        checked={form.isPaused}
        onChange={(event) => change({ isPaused: event.currentTarget.checked })}
      />
      <Select
        label="Enrollments of the next school year count before it begins for"
        description="With the first choice, students are Inactive from the last day of one school year to the first of the next, unless Skyward has turned to the new school year."
        data={nextSchoolYears.map((value) => ({ value, label: nextSchoolYearLabels[value] }))}
        allowDeselect={false}
        value={form.nextSchoolYear}
        onChange={(nextSchoolYear) => nextSchoolYear && change({ nextSchoolYear })}
      />
      <fieldset className="brakes">
        <legend>Hold a night and ask first when it would</legend>
        <NumberInput
          label="let more than this share of the students vanish or turn inactive"
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
          label="and these are at least so many students"
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
        Save the settings
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

/** Somebody saved meanwhile: both versions side by side, nothing of either is lost. */
function Conflict({ stored, typed, onTakeTheirs, onKeepMine }: ConflictProps) {
  const differing = (Object.keys(names) as (keyof Choice)[]).filter(
    (field) => stored[field] !== typed[field],
  );
  return (
    <div className="settings-conflict" role="alert">
      <strong>Somebody changed the settings while you had them open.</strong>
      <table>
        <thead>
          <tr>
            <th scope="col">Setting</th>
            <th scope="col">Stored now</th>
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
          Take what is stored
        </Button>
        <Button size="compact-sm" onClick={onKeepMine}>
          Go on with mine
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
