/** Which districts the list shows, as in the address: a text and a filter. */

/** In the order of the buttons. */
export const districtFilters = [
  'failed',
  'held',
  'late',
  'expires',
  'support',
  'paused',
  'unconnected',
] as const;
export type DistrictFilter = (typeof districtFilters)[number];

export interface DistrictSearch {
  readonly search?: string | undefined;
  readonly show?: DistrictFilter | undefined;
}

/** Parses an address and ignores its invalid parts. */
export function parseDistrictSearch({ search, show }: Record<string, unknown>): DistrictSearch {
  const filter = districtFilters.find((one) => one === show);
  return {
    ...(typeof search === 'string' && search !== '' && { search: search.slice(0, 100) }),
    ...(filter !== undefined && { show: filter }),
  };
}
