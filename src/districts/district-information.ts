/** What District Information shows of a district, and changing its settings. */
import type { DistrictDatabase } from '../database/district-scope.ts';
import type { NextSchoolYear } from '../enrollment/status-rules.ts';

/** What a district decides for itself. */
export interface EditableSettings {
  readonly name: string;
  readonly timeZone: string;
  /** `01:00` */
  readonly earliestStart: string;
  readonly isPaused: boolean;
  readonly nextSchoolYear: NextSchoolYear;
  readonly holdShare: number;
  readonly holdMinimum: number;
}

export interface StoredSettings extends EditableSettings {
  readonly domain: string;
  readonly version: number;
}

/** The connection as it may be shown: everything but the secret. */
export interface VisibleConnection {
  readonly baseUrl: string;
  readonly clientKey: string;
  readonly storedAt: Temporal.Instant;
  /** Skyward's record of this key as a technician last verified it. */
  readonly access: {
    readonly name: string;
    readonly entities: readonly string[];
    readonly expiresOn: string | null;
  } | null;
  /** What the last finished night was not granted. */
  readonly missingPermissions: readonly {
    readonly object: string;
    readonly fields: readonly string[];
  }[];
}

const columns = `domain, name, time_zone as "timeZone", version,
  to_char(night_starts_at, 'HH24:MI') as "earliestStart", nights_paused as "isPaused",
  next_school_year as "nextSchoolYear",
  hold_share as "holdShare", hold_minimum as "holdMinimum"`;

/** The settings of the district. Throws when it is gone; a request has found it a moment ago. */
export async function readSettings(database: DistrictDatabase): Promise<StoredSettings> {
  const rows = await database.rows<StoredSettings>(
    `select ${columns} from districts where id = $1`,
  );
  const [found] = rows;
  if (found === undefined) throw new Error('The district is gone');
  return found;
}

/** The settings as they are now; `undefined` when somebody changed them since `version`. */
export async function changeSettings(
  database: DistrictDatabase,
  settings: EditableSettings & { readonly version: number },
): Promise<StoredSettings | undefined> {
  const row = await database.one<StoredSettings>(
    `update districts set name = $3, time_zone = $4, next_school_year = $5, hold_share = $6,
       hold_minimum = $7, night_starts_at = $8, nights_paused = $9, version = version + 1
     where id = $1 and version = $2 returning ${columns}`,
    settings.version,
    settings.name,
    settings.timeZone,
    settings.nextSchoolYear,
    settings.holdShare,
    settings.holdMinimum,
    settings.earliestStart,
    settings.isPaused,
  );
  return row;
}

/** The connection of the district; null before it is connected (R21). */
export async function readConnection(
  database: DistrictDatabase,
): Promise<VisibleConnection | null> {
  const row = await database.one<VisibleConnection>(
    `select c.base_url as "baseUrl", c.client_key as "clientKey", c.updated_at as "storedAt",
       (select jsonb_build_object('name', v.access ->> 'name', 'expiresOn', v.access ->> 'expirationDate',
           'entities', jsonb_path_query_array(v.access, '$.entities[*].name'))
         from (select verification -> 'access' as access from setup_requests r
           where r.district_id = $1 and r.client_key = c.client_key
             and r.verification -> 'access' ->> 'key' = c.client_key
           order by r.id desc limit 1) v) as access,
       coalesce((select report -> 'missingPermissions' from import_runs r
         where r.district_id = $1 and report ? 'missingPermissions' order by r.started_at desc, r.id desc limit 1), '[]') as "missingPermissions"
     from skyward_connections c where c.district_id = $1`,
  );
  return row ?? null;
}

/** From so many days before the access ends on, those who look after the district are told on every screen. */
const expiryWarningDays = 30;

/** When the access of the stored key ends, if that is soon or over; null: later, never, or not known. */
export async function readAccessEnd(
  database: DistrictDatabase,
  today: Temporal.PlainDate,
): Promise<string | null> {
  const row = await database.one<{ endsOn: string | null }>(
    `select r.verification -> 'access' ->> 'expirationDate' as "endsOn"
     from skyward_connections c join setup_requests r on r.district_id = c.district_id
     where c.district_id = $1 and r.client_key = c.client_key
       and r.verification -> 'access' ->> 'key' = c.client_key
     order by r.id desc limit 1`,
  );
  const endsOn = row?.endsOn ?? null;
  if (endsOn === null) return null;
  const limit = today.add({ days: expiryWarningDays });
  return Temporal.PlainDate.compare(Temporal.PlainDate.from(endsOn), limit) <= 0 ? endsOn : null;
}
