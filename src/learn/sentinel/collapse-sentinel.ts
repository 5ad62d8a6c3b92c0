import {
  type Finding,
  clusteredFinding,
  deadCentersFinding,
  notFiniteFinding,
  stuckFinding,
} from './finding.ts';

/** Steps over which a sign must last: one odd batch is no collapse. */
const PATIENCE = 25;
/** Below this share of the spread of a random set, embeddings point one way. */
const COLLAPSED_SPREAD = 0.02;
/** The loss counts as stuck where it stays this near, relatively, to what it is when all embeddings are one. */
const STUCK_WITHIN = 0.01;
/** Classes count as apart where strangers are this much further away than relatives; their loss may stand still then. */
const APART = 1.05;
/** The first steps look stuck in every run. */
const FIRST_STEPS = 100;
/** More dead centres than this say that K is too large. */
const DEAD_SHARE = 0.5;

/** What the sentinel knows of a run besides its measures. */
export interface SentinelFacts {
  readonly methodId: string;
  readonly method: Readonly<Record<string, unknown>>;
  /** The loss of a batch whose embeddings are all the same: what a collapsed network gets. */
  readonly collapsedLoss: number | null;
}

/** What of a step the sentinel looks at. */
export interface WatchedMeasures {
  readonly loss: number;
  readonly gradientNorm: number;
  readonly embeddingSpread: number;
  /** Mean distance within and between the classes of the batch, where it has such pairs. */
  readonly meanPositiveDistance?: number | undefined;
  readonly meanNegativeDistance?: number | undefined;
}

/**
 * Watches a run for the ways in which metric learning fails without an error: numbers that are not finite, embeddings
 * that fall into one point (spread to 0), a loss that stays where a collapsed network has it (for the triplet loss: its
 * margin; Schroff et al., FaceNet, CVPR 2015, section 3.2), and centres that no image is nearest to. Each is found
 * once, until `restart`.
 */
export class CollapseSentinel {
  readonly #facts: SentinelFacts;
  readonly #found = new Set<Finding['kind']>();
  #firstStep: number | null = null;
  #narrow = 0;
  #stuck = 0;

  constructor(facts: SentinelFacts) {
    this.#facts = facts;
  }

  /** @param step from 1 */
  observeStep(step: number, measures: WatchedMeasures): Finding | null {
    const { loss, gradientNorm, embeddingSpread, meanPositiveDistance, meanNegativeDistance } = measures;
    this.#firstStep ??= step;
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm))
      return notFiniteFinding(step, Number.isFinite(loss) ? 'gradient' : 'loss', this.#facts);
    this.#narrow = embeddingSpread < COLLAPSED_SPREAD ? this.#narrow + 1 : 0;
    if (this.#narrow >= PATIENCE)
      return this.#once(clusteredFinding(step, embeddingSpread, PATIENCE, this.#facts));
    const { collapsedLoss } = this.#facts;
    const apart =
      meanPositiveDistance !== undefined &&
      meanNegativeDistance !== undefined &&
      meanNegativeDistance > APART * meanPositiveDistance;
    const near =
      !apart &&
      collapsedLoss !== null &&
      collapsedLoss > 0 &&
      Math.abs(loss - collapsedLoss) <= STUCK_WITHIN * collapsedLoss;
    this.#stuck = near ? this.#stuck + 1 : 0;
    if (this.#stuck >= PATIENCE && step - this.#firstStep >= FIRST_STEPS && collapsedLoss !== null)
      return this.#once(stuckFinding(step, collapsedLoss, this.#facts));
    return null;
  }

  /** @param diagnostics of the method at the end of an epoch */
  observeEpoch(step: number, diagnostics: Readonly<Record<string, number>>): Finding | null {
    const used = diagnostics['centerUtilization'];
    if (used === undefined || used > 1 - DEAD_SHARE) return null;
    return this.#once(deadCentersFinding(step, used, this.#facts));
  }

  /** After a remedy: what was seen before no longer counts. */
  restart(): void {
    this.#found.clear();
    this.#firstStep = null;
    this.#narrow = 0;
    this.#stuck = 0;
  }

  #once(finding: Finding): Finding | null {
    if (this.#found.has(finding.kind)) return null;
    this.#found.add(finding.kind);
    return finding;
  }
}
