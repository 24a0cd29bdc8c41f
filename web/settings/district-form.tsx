/** The form of the district's name and time zone. */
import { Autocomplete, TextInput } from '@mantine/core';

import type { DistrictSettings } from '../../src/contract/districts/district-information.ts';
import { SettingsForm } from './settings-form.tsx';

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

export const DistrictForm = ({ stored }: { readonly stored: DistrictSettings }) => (
  <SettingsForm stored={stored} label="District" savedMessage="District saved.">
    {(form, change) => (
      <>
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
      </>
    )}
  </SettingsForm>
);
