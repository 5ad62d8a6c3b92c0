import type { RunConfig } from '#learn/config.ts';
import type { TrainingEmbeddings } from '#learn/losses/method.ts';
import {
  type ControllerSettings,
  type MiningDecision,
  decide,
  inUse,
  startOfController,
} from '#learn/miners/controller.ts';
import { type MinedTriplets, mineTriplets } from '#learn/miners/smart.ts';
import type { WeightArray, Weights } from '#learn/models/weights.ts';
import { hashKeys } from '#learn/random/counter-random.ts';
import { nearestClassesOfMined } from '#learn/samplers/mined-neighbors.ts';
import type { MinedSet } from '#learn/samplers/mined-set.ts';
import { RANDOM_STREAM } from '#learn/samplers/shuffled-batches.ts';
import { VectorSpace } from '#learn/space/vector-space.ts';
import { activeShare } from '../../mine/hardness.ts';
import { type MiningState, type TripletsInUse, arraysOfTriplets, tripletsOfArrays } from './mining-state.ts';
import { solvedShare } from './solved-share.ts';

export interface MiningRoundsOptions {
  readonly config: RunConfig;
  readonly labels: Int32Array;
  readonly classes: number;
  readonly stepsPerEpoch: number;
  /** What a checkpoint kept; null where the run begins. */
  readonly state: MiningState | null;
  readonly arrays: Weights | null;
}

/** One mining of the training part and what was decided for the steps after it. */
export interface MiningRound {
  readonly mined: MinedTriplets;
  /** How the next stretch is trained: as decided, or as it was. */
  readonly settings: Omit<MiningDecision, 'reason'>;
  /** null in the first round and where the controller is fixed. */
  readonly reason: string | null;
  readonly activeShare: number;
  /** Of the triplets of the round before; null where there were none. */
  readonly solved: number | null;
}

/** Mines the training part by schedule. All of it is a function of seed, steps and embeddings; knows nothing of time. */
export class MiningRounds {
  readonly #options: MiningRoundsOptions;
  readonly #start: ControllerSettings;
  #state: MiningState;
  #triplets: TripletsInUse | null;

  constructor(options: MiningRoundsOptions) {
    const { config, stepsPerEpoch, state, arrays } = options;
    this.#options = options;
    this.#start = {
      target: config.activeTarget,
      minedShare: config.minedShare,
      negativeRank: config.negativeRank,
      interval: config.refreshEverySteps || stepsPerEpoch,
    };
    this.#state = state ?? {
      controller: startOfController(this.#start),
      from: -1,
      until: 0,
      activeSum: 0,
      activeSteps: 0,
      minedActive: 0,
      without: 0,
    };
    this.#triplets = arrays && tripletsOfArrays(arrays);
  }

  /** The step before which the part is to be mined anew. */
  get until(): number {
    return this.#state.until;
  }

  /** What the sampler draws from; null while nothing was mined. */
  get set(): MinedSet | null {
    if (!this.#triplets) return null;
    const { anchors, positives, negatives } = this.#triplets;
    const { from, controller } = this.#state;
    return { anchors, positives, negatives, from, share: inUse(controller).minedShare };
  }

  /** [classes, m], for batches of near classes. */
  nearestClasses(): Int32Array | null {
    const { config, labels, classes } = this.#options;
    if (!this.#triplets || config.sampler !== 'mined-classes') return null;
    // Twice a batch's classes: those that it has already are passed over.
    const most = Math.min(classes - 1, (2 * config.batch) / config.imagesPerClass);
    return nearestClassesOfMined(this.#triplets, labels, classes, most);
  }

  /** The share of a step's triplets with a loss above 0, where the method tells it. */
  observe(active: number | undefined): void {
    if (active === undefined || !Number.isFinite(active)) return;
    this.#state = {
      ...this.#state,
      activeSum: this.#state.activeSum + active,
      activeSteps: this.#state.activeSteps + 1,
    };
  }

  /**
   * Mines before a step; batches are made of what was found from there on.
   * @throws UserError bad-input where the embeddings cannot be mined; what was mined before stays in use
   */
  async refresh(
    step: number,
    whole: TrainingEmbeddings,
    onProgress: (done: number, total: number) => void,
  ): Promise<MiningRound> {
    const { config, labels } = this.#options;
    const { miningRule: rule, refreshMargin: margin, seed } = config;
    const solved = this.#triplets && solvedShare(this.#triplets, whole, margin);
    const { controller, reason } = this.#decide(solved);
    const settings = inUse(controller);
    // Whatever happens to this round, the next one comes.
    this.#state = {
      ...this.#state,
      controller,
      until: step + settings.interval,
      activeSum: 0,
      activeSteps: 0,
    };
    const rank = settings.negativeRank;
    const table = { data: whole.embeddings, rows: labels.length, dim: whole.dim };
    const mined = await mineTriplets(new VectorSpace(table, 'euclidean'), labels, {
      rule,
      margin,
      window: { first: rank, last: 2 * rank - 1, seed: hashKeys([seed, RANDOM_STREAM.minedWindow, step]) },
      onProgress,
    });
    const { anchors, positives, negatives, anchorPositive, anchorNegative } = mined;
    const active = Int32Array.from(anchors, (_, i) =>
      anchorPositive[i]! - anchorNegative[i]! + margin > 0 ? 1 : 0,
    );
    this.#triplets = { anchors, positives, negatives, active };
    const share = activeShare(mined, margin);
    const without = mined.anchorsWithout / labels.length;
    this.#state = { ...this.#state, from: step, minedActive: share, without };
    return { mined, settings, reason, activeShare: share, solved };
  }

  state(): MiningState {
    return this.#state;
  }

  arrays(): Map<string, WeightArray> {
    return this.#triplets ? arraysOfTriplets(this.#triplets) : new Map<string, WeightArray>();
  }

  #decide(solved: number | null): { controller: MiningState['controller']; reason: string | null } {
    const { controller, activeSum, activeSteps, minedActive, without } = this.#state;
    if (!this.#triplets || this.#options.config.controller === 'fixed') return { controller, reason: null };
    // A method that does not tell its active share is steered by that of the mined triplets.
    const active = activeSteps > 0 ? activeSum / activeSteps : minedActive;
    const { state, decision } = decide(controller, { active, solved, without }, this.#start);
    return { controller: state, reason: decision.reason };
  }
}
