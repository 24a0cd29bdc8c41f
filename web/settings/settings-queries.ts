/** The API queries of District Information. */
import { type QueryClient, queryOptions } from '@tanstack/react-query';

import {
  type DistrictSettings,
  districtInformationApi,
} from '../../src/contract/districts/district-information.ts';
import { findChangedLimits } from '../../src/contract/safety-limits.ts';
import { setupApi } from '../../src/contract/districts/setup.ts';
import { callApi } from '../api/api-client.ts';
import { districtQuery } from '../districts/district-query.ts';

/** The settings that administrators change. */
export type SettingsChoice = Omit<DistrictSettings, 'domain' | 'version'>;

/** Returns whether the setting has another value in the other version. */
export const isChanged = (
  field: keyof SettingsChoice,
  one: SettingsChoice,
  other: SettingsChoice,
): boolean =>
  field === 'ownLimits'
    ? findChangedLimits(one.ownLimits, other.ownLimits).length > 0
    : one[field] !== other[field];

export const informationQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'information'],
    queryFn: ({ signal }) =>
      callApi(districtInformationApi.getDistrictInformation, { domain }, signal),
  });

/** The setup request. It is fetched periodically while it is open, since support works on it. */
export const setupQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'setup'],
    queryFn: ({ signal }) => callApi(setupApi.getSetup, { domain }, signal),
    refetchInterval: ({ state: { data } }) =>
      data?.request && data.request.closedAt === null ? 30_000 : false,
  });

/** Fetches everything that shows the district's name, time zone or connection again. */
export const invalidateInformation = async (
  queries: QueryClient,
  domain: string,
): Promise<void> => {
  await Promise.all(
    [informationQuery(domain), setupQuery(domain), districtQuery(domain)].map(({ queryKey }) =>
      queries.invalidateQueries({ queryKey }),
    ),
  );
};
