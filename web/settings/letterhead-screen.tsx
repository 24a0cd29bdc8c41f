/** Settings > Letterhead: what is printed at the top of documents. */
import { LetterheadSection } from './letterhead-section.tsx';
import { SettingsPage, SettingsPart } from './settings-page.tsx';

export const LetterheadScreen = () => (
  <SettingsPage title="Letterhead" introduction="Printed at the top of every document.">
    <SettingsPart>
      <LetterheadSection />
    </SettingsPart>
  </SettingsPage>
);
