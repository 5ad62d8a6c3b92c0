import type { BackendChoice } from '../domain/run.ts';
import type { StartingWeights } from '../domain/weights.ts';

export interface TrainTask {
  readonly runId: string;
  readonly datasetId: string;
  readonly splitId: string;
  /** Every setting resolved: what `learn/config` made of the request. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What the network starts from; absent for what comes with Plumage. */
  readonly weights?: StartingWeights | undefined;
  readonly backend: BackendChoice;
  /** Content hash of the checkpoint to go on from. */
  readonly resumeFrom: string | null;
}

export type TrainEvent =
  | {
      readonly kind: 'points';
      readonly points: readonly {
        readonly step: number;
        readonly epoch: number;
        readonly values: Readonly<Record<string, number>>;
      }[];
    }
  | {
      readonly kind: 'checkpoint';
      readonly checkpoint: 'step' | 'last' | 'best';
      readonly step: number;
      readonly epoch: number;
      readonly file: string;
      readonly validation: number | null;
    }
  /** Facts fixed when the run began: backend, versions, threads, recorded or eager, memory estimate. */
  | { readonly kind: 'facts'; readonly facts: Readonly<Record<string, unknown>> };

export interface TrainResult {
  /** `stopped` by a person or by early stopping with the state kept, `diverged` by the NaN guard. */
  readonly status: 'done' | 'stopped' | 'early-stopped' | 'diverged';
  readonly reason: string;
  readonly step: number;
  readonly epoch: number;
  readonly finalLoss: number | null;
  readonly bestValidation: number | null;
  readonly seconds: number;
}
