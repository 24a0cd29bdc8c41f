/** Reads and changes the settings that District Information shows, and reads the connection. */
import type { LimitOverrides } from '../contract/safety-limits.ts';
import type { DistrictDatabase } from '../database/district-and-school-scope.ts';
import type { NextSchoolYear } from '../enrollment/status-settings.ts';

/** Settings that a district can change itself. */
export interface EditableSettings {
  readonly name: string;
  readonly timeZone: string;
  /** `01:00` */
  readonly earliestStart: string;
  readonly isPaused: boolean;
  readonly nextSchoolYear: NextSchoolYear;
  readonly ownLimits: LimitOverrides;
}

export interface StoredSettings extends EditableSettings {
  readonly domain: string;
  readonly version: number;
}

/** The connection without its secret. */
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
  /** Objects, or single fields of them, that the last finished import had no permission to read. */
  readonly missingPermissions: readonly {
    readonly object: string;
    readonly fields: readonly string[];
  }[];
}

const columns = `domain, name, time_zone as "timeZone", version,
  to_char(night_starts_at, 'HH24:MI') as "earliestStart", nights_paused as "isPaused",
  next_school_year as "nextSchoolYear",
  own_limits as "ownLimits"`;

/** Returns the settings of the district. Throws if it was removed after the request found it. */
export async function readSettings(database: DistrictDatabase): Promise<StoredSettings> {
  const rows = await database.rows<StoredSettings>(
    `select ${columns} from districts where id = $1`,
  );
  const [found] = rows;
  if (found === undefined) throw new Error('The district was removed');
  return found;
}

/** Changes the settings and returns them; `undefined` if another user changed them after `version`. */
export async function changeSettings(
  database: DistrictDatabase,
  settings: EditableSettings & { readonly version: number },
): Promise<StoredSettings | undefined> {
  const row = await database.one<StoredSettings>(
    `update districts set name = $3, time_zone = $4, next_school_year = $5, own_limits = $6,
       night_starts_at = $7, nights_paused = $8, version = version + 1
     where id = $1 and version = $2 returning ${columns}`,
    settings.version,
    settings.name,
    settings.timeZone,
    settings.nextSchoolYear,
    JSON.stringify(settings.ownLimits),
    settings.earliestStart,
    settings.isPaused,
  );
  return row;
}

/** Returns the connection of the district; null before it is connected (R21). */
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

/** From this many days before the access expires, administrators see it on every screen. */
const expiryWarningDays = 30;

/** Returns when the access of the stored key expires, if that is soon or past; null: later, never or not known. */
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
