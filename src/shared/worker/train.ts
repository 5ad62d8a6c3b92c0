import type { BackendChoice } from '../domain/run.ts';
import type { MiningRule } from '../domain/triplet.ts';
import type { StartingWeights } from '../domain/weights.ts';
import type { MineResult } from './mine.ts';

/** What a remedy changes of a run that goes on from its last good checkpoint. */
export interface RemedyChange {
  /** All learning rates are multiplied by it. */
  readonly rateFactor: number;
  /** Gradients longer than this are shortened to it; left as it is where left out. */
  readonly clipNorm?: number;
  /** Settings of the method; none of them changes the shape of what is trained. */
  readonly method?: Readonly<Record<string, unknown>>;
}

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
  /** The collapse sentinel found something: what was seen and what to do. */
  | { readonly kind: 'finding'; readonly finding: string; readonly step: number; readonly sentence: string }
  /** The classes with the highest mean loss of the epoch that ended, highest first. */
  | {
      readonly kind: 'hardest-classes';
      readonly step: number;
      readonly classes: readonly { readonly name: string; readonly loss: number }[];
    }
  /** The whole training part was mined; the file is as in `MineResult`, hardest first. */
  | {
      readonly kind: 'refresh';
      readonly step: number;
      readonly rule: MiningRule;
      readonly margin: number;
      readonly triplets: number;
      readonly anchorsWithout: number;
      readonly recallOfIndex: number;
      readonly activeShare: number;
      readonly histogram: MineResult['histogram'];
      readonly file: string;
    }
  /** Facts fixed when the run began: backend, versions, threads, recorded or eager, memory estimate. */
  | { readonly kind: 'facts'; readonly facts: Readonly<Record<string, unknown>> };

export interface TrainResult {
  /**
   * `stopped` by a person or by early stopping with the state kept, `diverged` by the NaN guard, `collapsed` by the
   * sentinel where the run may mend itself (`autoRemedy`).
   */
  readonly status: 'done' | 'stopped' | 'early-stopped' | 'diverged' | 'collapsed';
  readonly reason: string;
  /** What would mend a run that diverged or collapsed. */
  readonly remedy?: RemedyChange | null;
  readonly step: number;
  readonly epoch: number;
  readonly finalLoss: number | null;
  readonly bestValidation: number | null;
  readonly seconds: number;
}
