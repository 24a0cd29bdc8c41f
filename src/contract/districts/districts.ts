/**
 * The part of the API about districts: settings, connection, setup, mail and webhooks. This file has the list of
 * districts, and what every screen of a district shows about it.
 *
 * This folder has the endpoints of a district's settings, mail, webhooks and setup.
 */
import { z } from 'zod';

import { districtPath, type Endpoint, everyRole, technicianRole } from '../endpoint.ts';
import { ImportStatus } from '../imports/import-status.ts';
import { Day, Instant, RecordId } from '../values.ts';
import { SetupState } from './setup.ts';

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

export const DistrictOverview = DistrictName.extend({
  today: Day.meta({ description: "The district's own date." }),
  status: ImportStatus,
  heldSince: Instant.nullable().meta({ description: 'Since when an import is on hold.' }),
  students: z.strictObject({ total: z.int(), change: z.int() }).nullable().meta({
    description: 'After the last completed import, and how many more or fewer than before it.',
  }),
  accessExpiresOn: Day.nullable().meta({
    description: 'When the access to Skyward expires; null: never, or not known.',
  }),
  request: z
    .strictObject({ districtId: RecordId, id: RecordId, state: SetupState, requestedAt: Instant })
    .nullable()
    .meta({ description: 'The latest setup request.' }),
  lastMail: z
    .strictObject({ receivedAt: Instant, needsReview: z.boolean() })
    .nullable()
    .meta({ description: 'The last e-mail to support.' }),
}).meta({ id: 'DistrictOverview' });
export type DistrictOverview = z.infer<typeof DistrictOverview>;

const listDistricts = {
  method: 'GET',
  path: '/api/districts',
  summary:
    'Every district, by name: how current its data is, its students, its access and what support has to do',
  access: technicianRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: z.strictObject({ districts: z.array(DistrictOverview) }),
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
