/** The integrations (products of vendors) that the sandbox Skyward lists. */

/** A product that gets access when a district adds integration accesses to it. */
export interface Integration {
  readonly id: number;
  readonly productName: string;
  readonly vendor: string;
  readonly description: string;
  /** Whether the vendor, not the district, generates the secrets. */
  readonly isSecretGeneratedByVendor: boolean;
}

/** The integration whose accesses the partner interface manages. */
export const sameGoalIntegration: Integration = {
  id: 2,
  productName: 'SameGoal Demographics',
  vendor: 'SameGoal',
  description: 'Student and parent demographics for special-programs documents, read every night.',
  isSecretGeneratedByVendor: true,
};

/** The integration of the initial access. */
export const sandboxClientIntegration: Integration = {
  id: 1,
  productName: 'Sandbox API Client',
  vendor: 'Larkspur Springs ISD',
  description: 'The ready-made access whose key and secret are printed at the start.',
  isSecretGeneratedByVendor: false,
};

/** All integrations, in list order. */
export const integrations: readonly Integration[] = [sandboxClientIntegration, sameGoalIntegration];
