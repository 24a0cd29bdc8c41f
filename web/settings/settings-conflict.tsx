/** Shown when another user saved the settings meanwhile: both versions, so that nothing is lost. */
import { Button } from '@mantine/core';

import type { DistrictSettings } from '../../src/contract/districts/district-information.ts';
import { nextSchoolYearLabels } from '../../src/enrollment/status-settings.ts';
import { describeLimits } from './limit-texts.ts';
import { isChanged, type SettingsChoice } from './settings-queries.ts';

/** Labels of the settings in a conflict. */
const names: Readonly<Record<keyof SettingsChoice, string>> = {
  name: 'Name',
  timeZone: 'Time zone',
  earliestStart: 'Earliest import time',
  isPaused: 'Pause nightly imports',
  nextSchoolYear: 'Next school year',
  ownLimits: 'Safety limits that differ',
};

interface ConflictProps {
  readonly stored: DistrictSettings;
  readonly typed: SettingsChoice;
  readonly onTakeTheirs: () => void;
  readonly onKeepMine: () => void;
}

export function SettingsConflict({ stored, typed, onTakeTheirs, onKeepMine }: ConflictProps) {
  const differing = (Object.keys(names) as (keyof SettingsChoice)[]).filter((field) =>
    isChanged(field, stored, typed),
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
              <td>{formatValue(field, stored, typed)}</td>
              <td>{formatValue(field, typed, stored)}</td>
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

function formatValue(
  field: keyof SettingsChoice,
  choice: SettingsChoice,
  other: SettingsChoice,
): string {
  if (field === 'nextSchoolYear') return nextSchoolYearLabels[choice.nextSchoolYear];
  if (field === 'ownLimits') return describeLimits(choice.ownLimits, other.ownLimits);
  const value = choice[field];
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;
}
