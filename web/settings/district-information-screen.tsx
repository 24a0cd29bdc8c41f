/**
 * The screens under Settings. This file is District Information: the connection to Skyward and the settings of the
 * district (R22 to R27).
 */
import './settings.css';

import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { useDomain } from '../districts/district-query.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { ConnectionCare } from './connection-care.tsx';
import { LetterheadSection } from './letterhead-section.tsx';
import { MailSection } from './mail-section.tsx';
import { NightlyDemographics } from './nightly-demographics.tsx';
import { SettingsForm } from './settings-form.tsx';
import { informationQuery } from './settings-queries.ts';
import { WebhooksSection } from './webhooks-section.tsx';

export function DistrictInformationScreen() {
  const { data, error, refetch } = useQuery(informationQuery(useDomain()));
  return (
    <div className="screen">
      <p className="quiet over-title">Settings</p>
      <ScreenTitle name="District Information">District Information</ScreenTitle>
      {error && data === undefined && (
        <ProblemNotice
          title="Couldn’t load the settings"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {!error && data === undefined && <Skeleton height={360} radius="md" mt="md" />}
      {data && (
        <div className="settings">
          <section aria-labelledby="integration-title" className="settings-part">
            <h2 id="integration-title">STUDENT INFORMATION SYSTEM INTEGRATION</h2>
            <h3>Skyward Qmlativ</h3>
            <NightlyDemographics information={data} />
            {data.connection && (
              <ConnectionCare
                connection={data.connection}
                scheduledImports={data.scheduledImports}
              />
            )}
          </section>
          <section aria-labelledby="settings-title" className="settings-part">
            <h2 id="settings-title">District settings</h2>
            <SettingsForm stored={data.settings} />
          </section>
          <section aria-labelledby="letterhead-title" className="settings-part">
            <h2 id="letterhead-title">Letterhead</h2>
            <LetterheadSection />
          </section>
          <section aria-labelledby="mail-title" className="settings-part">
            <h2 id="mail-title">E-mail notifications</h2>
            <MailSection />
          </section>
          <section aria-labelledby="webhooks-title" className="settings-part">
            <h2 id="webhooks-title">Webhooks</h2>
            <WebhooksSection />
          </section>
        </div>
      )}
    </div>
  );
}
