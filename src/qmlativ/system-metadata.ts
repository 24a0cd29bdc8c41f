/** Reads the system metadata: its districts, their entities and current school years. */
import { z } from 'zod';
import { createAccessDeniedError } from './http/api-call.ts';
import { anyCaseObject, findMember } from './http/member-names.ts';
import { QmlativError } from './http/qmlativ-error.ts';

const wholeNumber = z.union([
  z.int(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);
const words = z.string().nullish().catch(null);

const SchoolYear = anyCaseObject({
  SchoolYearID: wholeNumber,
  NumericYear: wholeNumber.nullish().catch(null),
  Description: words,
});

const District = anyCaseObject({
  DistrictID: wholeNumber.nullish().catch(null),
  EntityID: wholeNumber,
  Name: words,
  Code: words,
  SchoolYearCurrent: SchoolYear.nullish().catch(null),
});

const System = anyCaseObject({
  EntityID: wholeNumber.nullish().catch(null),
  Name: words,
  Code: words,
  Districts: z.array(z.unknown()).nullish(),
});

/** A district of the system. `schoolYear` is null if there is no readable current one. */
export interface SystemDistrict {
  readonly districtId: number | null;
  readonly entityId: number;
  readonly name: string | null;
  readonly code: string | null;
  readonly schoolYear: {
    readonly schoolYearId: number;
    readonly numericYear: number | null;
    readonly description: string | null;
  } | null;
}

export interface SystemMetadata {
  readonly entityId: number | null;
  readonly name: string | null;
  readonly code: string | null;
  /** Readable districts with an entity id. */
  readonly districts: readonly SystemDistrict[];
}

/**
 * Parses the response of GetSystemMetadata. The nesting is not documented, so `System` may be an object, a list of one,
 * or missing with its content at the top level. Returns undefined if there is none of it.
 */
export function parseSystemMetadata(json: unknown): SystemMetadata | undefined {
  const outer = findMember(json, 'System') ?? json;
  const parsed = System.safeParse(Array.isArray(outer) ? outer[0] : outer);
  if (!parsed.success) return undefined;
  const { EntityID, Name, Code, Districts } = parsed.data;
  if (EntityID == null && Districts == null) return undefined;
  return {
    entityId: EntityID ?? null,
    name: Name ?? null,
    code: Code ?? null,
    districts: (Districts ?? []).flatMap((raw) => {
      const district = District.safeParse(raw).data;
      return district === undefined ? [] : [toDistrict(district)];
    }),
  };
}

function toDistrict(district: z.infer<typeof District>): SystemDistrict {
  const year = district.SchoolYearCurrent;
  return {
    districtId: district.DistrictID ?? null,
    entityId: district.EntityID,
    name: district.Name ?? null,
    code: district.Code ?? null,
    schoolYear:
      year == null
        ? null
        : {
            schoolYearId: year.SchoolYearID,
            numericYear: year.NumericYear ?? null,
            description: year.Description ?? null,
          },
  };
}

const metadataAdvice =
  "If only the metadata is not available, an import works without it if the district's entity is set with daybreak district set --domain … --entity-id …";

const place = { object: 'GetSystemMetadata' };

/** Returns the error for a metadata request that was rejected although the token is new. */
export function createMetadataError(status: number): QmlativError {
  if (status === 401) {
    const error = createAccessDeniedError(status, place);
    const advice = `${error.advice} ${metadataAdvice}`;
    return new QmlativError(error.code, error.messageWithoutPlace, { place, advice });
  }
  if (status === 403)
    return new QmlativError('access-denied', 'the metadata request was rejected (status 403)', {
      place,
      advice: `Check in the Integration Access record that Is Active is checked and that today is between Effective Date and Expiration Date. ${metadataAdvice}`,
    });
  return new QmlativError('unexpected-response', `rejected (status ${status})`, {
    place,
    advice: `Check the API base URL: the system metadata should be available below it. ${metadataAdvice}`,
  });
}

/** Returns the error for a response that is not metadata. */
export const createNoMetadataError = () =>
  new QmlativError('unexpected-response', 'the response has no system', {
    place,
    advice: `Skyward responded in an unknown format. Try again; if it fails again, send this message to support. ${metadataAdvice}`,
  });

/** The metadata of one field of an object. */
export interface FieldMetadata {
  readonly name: string;
  readonly isKey: boolean;
  readonly isReadOnly: boolean;
}

/** Parses the field metadata of an object; undefined if the response has another form. */
export function parseFieldMetadata(json: unknown): FieldMetadata[] | undefined {
  const parsed = z.record(z.string(), z.unknown()).safeParse(json);
  if (!parsed.success) return undefined;
  return Object.entries(parsed.data)
    .filter(([name]) => name !== 'Relationships' && name !== 'ValidationRules')
    .map(([name, value]) => {
      const attributes = typeof value === 'object' && value !== null ? value : {};
      return {
        name,
        isKey: 'PrimaryKey' in attributes && attributes.PrimaryKey !== false,
        isReadOnly: 'ReadOnly' in attributes && attributes.ReadOnly !== false,
      };
    });
}
