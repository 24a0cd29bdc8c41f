/** The port to Skyward's vendor side: what we, as the vendor of the product, may see of districts' integration accesses. */

/** A school or the district itself, as an access can choose it. */
export interface PartnerEntity {
  readonly entityId: number;
  readonly name: string;
  readonly isDistrictEntity: boolean;
}

/** A district that may add integration accesses of our product. */
export interface PartnerCustomer {
  readonly customerId: string;
  readonly name: string;
  readonly apiBaseUrl: string;
  readonly productName: string;
}

/** An integration access record as the district made it (R8 to R13). Never holds a secret. */
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

/** Shown this once: whoever asks for it has to keep it. */
export interface GeneratedSecret {
  readonly key: string;
  readonly secret: string;
}

export interface PartnerInterface {
  listSkywardDistricts(): Promise<readonly PartnerCustomer[]>;
  /** Every entity that an access of this customer could choose. */
  listEntities(customerId: string): Promise<readonly PartnerEntity[]>;
  listAccesses(customerId: string): Promise<readonly IntegrationAccess[]>;
  /** A new secret for the key of the access; former ones work on for `formerSecretSeconds`. */
  generateSecret(
    customerId: string,
    accessId: number,
    formerSecretSeconds: number,
  ): Promise<GeneratedSecret>;
  close(): Promise<void>;
}
