/** Settings > Notifications: who gets which e-mails. */
import { MailSection } from './mail-section.tsx';
import { SettingsPage, SettingsPart } from './settings-page.tsx';

export const NotificationsScreen = () => (
  <SettingsPage title="Notifications">
    <SettingsPart title="E-mail notifications">
      <MailSection />
    </SettingsPart>
  </SettingsPage>
);
