/**
 * The part of the API about districts: settings, connection, setup, mail and webhooks. This file has the list of
 * districts, and what every screen of a district shows about it.
 *
 * This folder has the endpoints of a district's settings, mail, webhooks and setup.
 */
import { z } from 'zod';

import { districtPath, type Endpoint, everyRole, technicianRole } from '../endpoint.ts';
import { Day } from '../values.ts';

export const DistrictName = z
  .strictObject({
    name: z.string(),
    domain: z
      .string()
      .meta({ description: "The district's e-mail domain, which is part of its addresses." }),
    timeZone: z.string().meta({ description: 'An IANA name: America/Chicago.' }),
  })
  .meta({ id: 'DistrictName' });
export type DistrictName = z.infer<typeof DistrictName>;

/** A school of a district for selecting. */
const School = z
  .strictObject({
    entityId: z.int().positive(),
    name: z.string(),
  })
  .meta({ id: 'School' });
export type School = z.infer<typeof School>;

const listDistricts = {
  method: 'GET',
  path: '/api/districts',
  summary: 'Every district, by name',
  access: technicianRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: z.strictObject({ districts: z.array(DistrictName) }),
} as const satisfies Endpoint;

const getDistrict = {
  method: 'GET',
  path: districtPath,
  summary: 'The district, its time zone and the schools that the caller sees',
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: DistrictName.extend({
    today: z.iso.date().meta({ description: "The district's own date." }),
    accessExpiresOn: Day.nullable().meta({
      description:
        'For administrators and technicians: when the access to Skyward expires, from 30 days before.',
    }),
    schools: z.array(School),
  }).meta({ id: 'District' }),
} as const satisfies Endpoint;
export type District = z.infer<(typeof getDistrict)['response']>;

/** The endpoints, in the order of the API's documentation. */
export const districtsApi = { listDistricts, getDistrict };
