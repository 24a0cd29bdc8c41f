/** Settings > Imports: when nightly imports run, which enrollments count, and what puts an import on hold. */
import { Link } from '@tanstack/react-router';

import type { DistrictInformation } from '../../src/contract/districts/district-information.ts';
import { useDomain } from '../districts/district-query.ts';
import { ImportsForm } from './imports-form.tsx';
import { ScheduledImports } from './scheduled-imports.tsx';
import { Information, SettingsPage, SettingsPart } from './settings-page.tsx';

export const ImportsSettingsScreen = () => (
  <SettingsPage title="Imports">
    <Information>
      {(information) => (
        <>
          <SettingsPart>
            <ImportsForm stored={information.settings} />
          </SettingsPart>
          <SettingsPart title="Next import">
            <NextImport information={information} />
          </SettingsPart>
        </>
      )}
    </Information>
  </SettingsPage>
);

function NextImport({ information }: { readonly information: DistrictInformation }) {
  const domain = useDomain();
  const { connection, settings, scheduledImports } = information;
  if (connection === null) {
    return (
      <p>
        Skyward isn’t connected yet.{' '}
        <Link to="/a/$domain/settings/district-information" params={{ domain }}>
          Set up the connection
        </Link>
      </p>
    );
  }
  if (settings.isPaused) return <p>Nightly imports are paused.</p>;
  return <ScheduledImports scheduledImports={scheduledImports} />;
}
