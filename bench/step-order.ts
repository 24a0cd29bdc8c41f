/** What the benchmark orders from the process of a step, and what that answers. */
import type { Skyward } from './child-process.ts';

export interface StepOrder {
  readonly step: 'drain' | 'copy' | 'night' | 'change';
  readonly skyward: Skyward;
  readonly today: string;
  readonly pageSize?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly databaseUrl: string;
  readonly districtId: number;
  /** A folder for temporary files. */
  readonly folder: string;
  /** Counts the rounds, so that each changes other students. */
  readonly round: number;
}

/** What the step's own process knows of itself. */
export interface ChildFigures {
  readonly seconds: number;
  readonly rows: number;
  readonly peakBytes: number;
  /** Requests sent to Skyward, those for tokens not counted. */
  readonly requests: number;
  readonly outcome: string | null;
  readonly phases: Readonly<Record<string, number>>;
}

/** The settings of the client, as the import gets them. */
export function clientOptions({ skyward, pageSize, concurrency }: StepOrder) {
  return {
    baseUrl: skyward.baseUrl,
    clientKey: skyward.clientKey,
    clientSecret: skyward.clientSecret,
    allowPrivateAddresses: true,
    ...(pageSize === undefined ? {} : { pageSize }),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
}
