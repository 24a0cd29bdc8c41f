/** Settings > Webhooks: other systems that receive document events. */
import { SettingsPage, SettingsPart } from './settings-page.tsx';
import { WebhooksSection } from './webhooks-section.tsx';

export const WebhooksScreen = () => (
  <SettingsPage title="Webhooks">
    <SettingsPart>
      <WebhooksSection />
    </SettingsPart>
  </SettingsPage>
);
