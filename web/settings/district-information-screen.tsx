/** Settings > District Information: the connection to Skyward (R22 to R27), and the district's name and time zone. */
import { ConnectionCare } from './connection-care.tsx';
import { DistrictForm } from './district-form.tsx';
import { NightlyDemographics } from './nightly-demographics.tsx';
import { Information, SettingsPage, SettingsPart } from './settings-page.tsx';

export const DistrictInformationScreen = () => (
  <SettingsPage title="District Information">
    <Information>
      {(information) => (
        <>
          <SettingsPart title="STUDENT INFORMATION SYSTEM INTEGRATION">
            <h3>Skyward Qmlativ</h3>
            <NightlyDemographics information={information} />
            {information.connection && <ConnectionCare connection={information.connection} />}
          </SettingsPart>
          <SettingsPart title="District">
            <DistrictForm stored={information.settings} />
          </SettingsPart>
        </>
      )}
    </Information>
  </SettingsPage>
);
