/** The form of when nightly imports run, which enrollments count, and what puts an import on hold. */
import { Checkbox, TextInput } from '@mantine/core';

import type { DistrictSettings } from '../../src/contract/districts/district-information.ts';
import { nextSchoolYearLabels, nextSchoolYears } from '../../src/enrollment/status-settings.ts';
import { Select } from '../shell/fields/select.tsx';
import { LimitTable } from './limit-table.tsx';
import { SettingsForm } from './settings-form.tsx';

export const ImportsForm = ({ stored }: { readonly stored: DistrictSettings }) => (
  <SettingsForm
    stored={stored}
    label="Import settings"
    savedMessage="Saved. The next import uses these settings."
  >
    {(form, change) => (
      <>
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
          options={nextSchoolYears.map((value) => ({ value, label: nextSchoolYearLabels[value] }))}
          value={form.nextSchoolYear}
          onChange={(nextSchoolYear) => change({ nextSchoolYear })}
        />
        <LimitTable own={form.ownLimits} onChange={(ownLimits) => change({ ownLimits })} />
      </>
    )}
  </SettingsForm>
);
