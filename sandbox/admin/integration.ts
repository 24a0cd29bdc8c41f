/** The integrations (products of vendors) that a practice Skyward lists. */

/** A product that a district may let in by adding integration accesses to it. */
export interface Integration {
  readonly id: number;
  readonly productName: string;
  readonly vendor: string;
  readonly description: string;
  /** True when the vendor, not the district, generates the secrets. */
  readonly isSecretGeneratedByVendor: boolean;
}

/** The integration whose accesses the partner interface looks after. */
export const sameGoalIntegration: Integration = {
  id: 2,
  productName: 'SameGoal Demographics',
  vendor: 'SameGoal',
  description: 'Student and parent demographics for special-programs documents, read every night.',
  isSecretGeneratedByVendor: true,
};

/** The integration of the access that is there from the start. */
export const sandboxClientIntegration: Integration = {
  id: 1,
  productName: 'Sandbox API Client',
  vendor: 'Larkspur Springs ISD',
  description: 'The ready-made access whose key and secret are printed at the start.',
  isSecretGeneratedByVendor: false,
};

/** Every integration, in the order of the list. */
export const integrations: readonly Integration[] = [sandboxClientIntegration, sameGoalIntegration];
