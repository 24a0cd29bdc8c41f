/** Settings > Sign-in: two-step verification and single sign-on. */
import '../accounts/accounts.css';

import { SingleSignOnSection } from '../accounts/single-sign-on-section.tsx';
import { TwoFactorRule } from '../accounts/two-factor-rule.tsx';
import { SettingsPage, SettingsPart } from './settings-page.tsx';

export const SignInSettingsScreen = () => (
  <SettingsPage title="Sign-in">
    <SettingsPart title="Two-step verification">
      <TwoFactorRule />
    </SettingsPart>
    <SettingsPart title="Single sign-on">
      <SingleSignOnSection />
    </SettingsPart>
  </SettingsPage>
);
