/** The port to Skyward's partner interface, where a vendor sees the integration accesses of its districts. */

/** A school or the district itself, as an access can select it. */
export interface PartnerEntity {
  readonly entityId: number;
  readonly name: string;
  readonly isDistrictEntity: boolean;
}

/** A district that may add integration accesses for our product. */
export interface PartnerCustomer {
  readonly customerId: string;
  readonly name: string;
  readonly apiBaseUrl: string;
  readonly productName: string;
}

/** An integration access record as the district created it (R8 to R13). Never contains a secret. */
export interface IntegrationAccess {
  readonly accessId: number;
  readonly name: string;
  readonly key: string;
  readonly authenticationType: string;
  readonly isActive: boolean;
  readonly effectiveDate: Temporal.PlainDate;
  /** null: never expires. */
  readonly expirationDate: Temporal.PlainDate | null;
  readonly entities: readonly PartnerEntity[];
  /** Every object that may be read, with its fields. */
  readonly permissions: readonly { readonly object: string; readonly fields: readonly string[] }[];
  readonly hasSecret: boolean;
}

/** A new secret. Skyward shows it once only. */
export interface GeneratedSecret {
  readonly key: string;
  readonly secret: string;
}

export interface PartnerInterface {
  listSkywardDistricts(): Promise<readonly PartnerCustomer[]>;
  /** Lists every entity that an access of this customer could select. */
  listEntities(customerId: string): Promise<readonly PartnerEntity[]>;
  listAccesses(customerId: string): Promise<readonly IntegrationAccess[]>;
  /** Generates a secret for the key of the access; former ones keep working for `formerSecretSeconds`. */
  generateSecret(
    customerId: string,
    accessId: number,
    formerSecretSeconds: number,
  ): Promise<GeneratedSecret>;
  close(): Promise<void>;
}
