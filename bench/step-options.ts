/** Options and result of the process of a step. */
import type { Skyward } from './child-process.ts';

export interface StepOptions {
  readonly step: 'drain' | 'copy' | 'import' | 'change';
  readonly skyward: Skyward;
  readonly today: string;
  readonly pageSize?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly databaseUrl: string;
  readonly districtId: number;
  /** A folder for temporary files. */
  readonly folder: string;
  /** Number of the round; each changes other students. */
  readonly round: number;
}

/** What the step's process measured itself. */
export interface StepResult {
  readonly seconds: number;
  readonly rows: number;
  readonly peakBytes: number;
  /** Requests sent to Skyward, those for tokens not counted. */
  readonly requests: number;
  readonly outcome: string | null;
  readonly phases: Readonly<Record<string, number>>;
}

/** Returns the client's settings, as an import gets them. */
export function clientOptions({ skyward, pageSize, concurrency }: StepOptions) {
  return {
    baseUrl: skyward.baseUrl,
    clientKey: skyward.clientKey,
    clientSecret: skyward.clientSecret,
    allowPrivateAddresses: true,
    ...(pageSize === undefined ? {} : { pageSize }),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
}
