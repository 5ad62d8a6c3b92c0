import type { TrainingEmbeddings } from '#learn/losses/method.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { MineResult } from '#shared/worker/mine.ts';
import type { WorkerContext } from '../../host/worker-context.ts';
import { hardestFirst, histogramOfViolations } from '../../mine/hardness.ts';
import { storeTriplets } from '../../mine/store-triplets.ts';
import type { PreparedRun } from '../prepare-run.ts';
import { type MiningRound, MiningRounds } from './mining-rounds.ts';

const PHASE = 'Mining the training images';

/** Whole-set mining in the training worker: rounds that are kept for the Triplets room, told and timed. */
export class RunMining {
  readonly rounds: MiningRounds;
  readonly #run: PreparedRun;
  readonly #context: WorkerContext<'train'>;
  readonly #nowMs: () => number;
  #epochBegunMs: number;
  #embeddingMs = 0;
  #miningMs = 0;

  constructor(run: PreparedRun, context: WorkerContext<'train'>, nowMs: () => number) {
    const { config, train, sampler, state, resumed } = run;
    const { labels, classes } = train;
    const { stepsPerEpoch } = sampler;
    this.rounds = new MiningRounds({
      ...{ config, labels, classes, stepsPerEpoch },
      ...{ state: state.mining, arrays: resumed },
    });
    this.#run = run;
    this.#context = context;
    this.#nowMs = nowMs;
    this.#epochBegunMs = nowMs();
  }

  isDue(step: number): boolean {
    return step >= this.rounds.until;
  }

  /**
   * Mines before a step.
   *
   * @param begunMs when the embedding of the part began
   * @returns numbers for the curves; null where the embeddings cannot be mined: the run goes on with what it had
   */
  async mine(
    step: number,
    whole: TrainingEmbeddings,
    begunMs: number,
  ): Promise<Record<string, number> | null> {
    const embeddedMs = this.#nowMs();
    this.#embeddingMs += embeddedMs - begunMs;
    const round = await this.#round(step, whole);
    const minedMs = this.#nowMs();
    this.#miningMs += minedMs - embeddedMs;
    if (!round) return null;
    const histogram = await this.#keep(step, round);
    const { mined, settings, activeShare, solved, reason } = round;
    if (reason !== null) this.#context.log('info', `Controller of mining: ${reason}`);
    const seconds = { embedding: (embeddedMs - begunMs) / 1000, mining: (minedMs - embeddedMs) / 1000 };
    this.#context.log(
      'info',
      `Mined ${String(mined.count)} triplets before step ${String(step + 1)}: ${percent(activeShare)} are active, ${String(mined.anchorsWithout)} anchors have none; embedding took ${seconds.embedding.toFixed(2)} s, mining ${seconds.mining.toFixed(2)} s.`,
    );
    return {
      // Not `minedShare`: multi-similarity tells its kept pairs under that name.
      minedTripletShare: settings.minedShare,
      negativeRank: settings.negativeRank,
      refreshInterval: settings.interval,
      minedActiveShare: activeShare,
      embeddingSeconds: seconds.embedding,
      miningSeconds: seconds.mining,
      ...(histogram.counts.length > 0 && { minedHardness: meanViolation(mined) }),
      ...(solved !== null && { solvedShare: solved }),
    };
  }

  /** What the refreshes of the epoch that ends took of its time, embedding and mining apart. */
  costsOfEpoch(): Record<string, number> {
    const now = this.#nowMs();
    const epochMs = now - this.#epochBegunMs;
    const costs = {
      refreshEmbeddingShare: this.#embeddingMs / epochMs,
      refreshMiningShare: this.#miningMs / epochMs,
    };
    [this.#epochBegunMs, this.#embeddingMs, this.#miningMs] = [now, 0, 0];
    return costs;
  }

  async #round(step: number, whole: TrainingEmbeddings): Promise<MiningRound | null> {
    try {
      return await this.rounds.refresh(step, whole, (done, total) => {
        this.#context.progress({ phase: PHASE, done, total, unit: 'anchors' });
      });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const message = `Mining before step ${String(step + 1)} failed: ${error.message} The run goes on.`;
      this.#context.log('warn', message);
      return null;
    }
  }

  /** @returns the histogram of the violations */
  async #keep(step: number, { mined, activeShare }: MiningRound): Promise<MineResult['histogram']> {
    const { config, train, store } = this.#run;
    const ids = Int32Array.from(train.items, ({ imageId }) => imageId);
    const file = await storeTriplets(store, mined, hardestFirst(mined), ids);
    const histogram = histogramOfViolations(mined);
    const { miningRule: rule, refreshMargin: margin } = config;
    const { count: triplets, anchorsWithout } = mined;
    this.#context.emit({
      kind: 'refresh',
      ...{ step, rule, margin, triplets, anchorsWithout },
      ...{ recallOfIndex: 1, activeShare, histogram, file },
    });
    return histogram;
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** Mean of d(a,p) - d(a,n): the nearer to 0 from below, the harder. */
const meanViolation = ({ count, anchorPositive, anchorNegative }: MiningRound['mined']): number =>
  anchorPositive.reduce((sum, distance, i) => sum + distance - anchorNegative[i]!, 0) / count;
