import { UserError } from '#shared/rpc/errors.ts';
import type { MiningRule } from '#shared/domain/triplet.ts';
import { ScoreBlocks } from '../space/score-blocks.ts';
import type { VectorSpace } from '../space/vector-space.ts';
import { createRandom } from '../random/counter-random.ts';
import { type AnchorFinding, AnchorScan, type Candidate } from './anchor-scan.ts';
import { ClassMembers } from './class-members.ts';

/** Mined triplets in columns, ordered by anchor. */
export interface MinedTriplets {
  readonly count: number;
  readonly anchors: Int32Array;
  readonly positives: Int32Array;
  readonly negatives: Int32Array;
  /** Distances, not squared. */
  readonly anchorPositive: Float64Array;
  readonly anchorNegative: Float64Array;
  /** 1-based places in the anchor's list of all other rows, nearest first, equal distances by row. */
  readonly positiveRank: Int32Array;
  readonly negativeRank: Int32Array;
  /** Anchors alone in their class, or without a negative that fits the rule and the window. */
  readonly anchorsWithout: number;
}

/** Which of the negatives that fit a rule is taken, by their rank among these: 1 is the nearest. */
export interface RankWindow {
  readonly first: number;
  /** One of the ranks from `first` to `last` is drawn, of as many as there are. */
  readonly last: number;
  /** The draw is a function of seed and anchor. */
  readonly seed: number;
}

export interface MineOptions {
  readonly rule: MiningRule;
  /** Width of the band of `semi-hard`, in distance. */
  readonly margin: number;
  /** The nearest where left out. */
  readonly window?: RankWindow;
  readonly signal?: AbortSignal;
  /** Called after every block of anchors. */
  readonly onProgress?: (anchorsDone: number, anchors: number) => void | Promise<void>;
}

/**
 * Whole-set mining, exact: for every anchor its nearest positive p and one negative n by the rule.
 *
 *   smart      nearest n with d(a,n) > d(a,p)                Harwood et al., "Smart Mining", ICCV 2017
 *   semi-hard  the same, only where d(a,n) <= d(a,p) + margin  Schroff et al., "FaceNet", CVPR 2015, over the whole set
 *   nearest    nearest n at all
 *
 * With a rank window, a negative that fits the rule but is not the nearest such: the very nearest are often mislabelled.
 *
 * Equal distances go to the smaller row; exact copies stand at distance 0. Blocks of anchors against all rows: memory
 * does not grow with rows^2.
 *
 * @param labels [rows], any integers
 * @throws RangeError for a window that is none
 * @throws UserError bad-input: counts differ, fewer than two rows, no class with two rows, one class only
 */
export async function mineTriplets(
  space: VectorSpace,
  labels: Int32Array,
  options: MineOptions,
): Promise<MinedTriplets> {
  if (space.metric === 'inner-product') throw new TypeError('mining needs a distance');
  const members = new ClassMembers(labels);
  refuseUnminable(space, labels, members);
  const columns = new Columns(space.rows);
  const { first: nearestRank, last: farthestRank } = options.window ?? NEAREST;
  if (!(nearestRank >= 1 && farthestRank >= nearestRank)) throw new RangeError('a window of no ranks');
  const scan = new AnchorScan(space, farthestRank);
  const blocks = await ScoreBlocks.open(space);
  try {
    for (let first = 0; first < space.rows; first += blocks.blockRows) {
      options.signal?.throwIfAborted();
      const count = Math.min(blocks.blockRows, space.rows - first);
      const products = await blocks.products(
        space.coordinates.subarray(first * space.dim, (first + count) * space.dim),
        count,
      );
      for (let i = 0; i < count; i++) {
        const anchor = first + i;
        const own = members.of(labels[anchor]!);
        const row = products.subarray(i * space.rows, (i + 1) * space.rows);
        const finding = scan.scan(anchor, row, own, blocks.errorOf(space.lengths[anchor]!));
        const fitting = fittingNegatives(finding, options);
        const at = placeInWindow(anchor, fitting.length, options.window ?? NEAREST);
        if (at < 0) continue;
        const choice = fitting[at]!;
        const negativesBefore = at + (options.rule === 'nearest' ? 0 : finding.negativesNotBeyond);
        const positivesBefore = scan.membersBefore(anchor, own, choice.key, choice.row);
        columns.push({
          anchor,
          positive: finding.positive,
          negative: choice.row,
          anchorPositive: Math.sqrt(finding.positiveKey),
          anchorNegative: Math.sqrt(choice.key),
          positiveRank: 1 + finding.negativesBeforePositive,
          negativeRank: 1 + negativesBefore + positivesBefore,
        });
      }
      await options.onProgress?.(first + count, space.rows);
    }
  } finally {
    blocks.dispose();
  }
  return columns.finish(space.rows);
}

const NEAREST: RankWindow = { first: 1, last: 1, seed: 0 };

/** The negatives of a rule, nearest first; none for an anchor without a positive. */
function fittingNegatives(finding: AnchorFinding, { rule, margin }: MineOptions): readonly Candidate[] {
  if (finding.positive < 0) return [];
  if (rule === 'nearest') return finding.nearest;
  if (rule === 'smart') return finding.beyond;
  const reach = Math.sqrt(finding.positiveKey) + margin;
  return finding.beyond.filter(({ key }) => Math.sqrt(key) <= reach);
}

/** @returns a place counted from 0, or -1 where there are not so many negatives */
function placeInWindow(anchor: number, count: number, { first, last, seed }: RankWindow): number {
  const choices = Math.min(last, count) - first + 1;
  if (choices < 1) return -1;
  return first - 1 + (choices === 1 ? 0 : createRandom(seed, anchor).below(choices));
}

function refuseUnminable(space: VectorSpace, labels: Int32Array, members: ClassMembers): void {
  if (labels.length !== space.rows) {
    throw new UserError(
      'bad-input',
      `There are ${space.rows} vectors and ${labels.length} labels. Give one label for each vector.`,
    );
  }
  if (space.rows < 2) throw new UserError('bad-input', 'Mining needs at least two vectors.');
  if (members.classes < 2) {
    throw new UserError('bad-input', 'All vectors have the same class, so there are no negatives to mine.');
  }
  if (members.classes === space.rows) {
    throw new UserError('bad-input', 'No class has two images, so there are no positives to mine.');
  }
}

interface TripletRow {
  readonly anchor: number;
  readonly positive: number;
  readonly negative: number;
  readonly anchorPositive: number;
  readonly anchorNegative: number;
  readonly positiveRank: number;
  readonly negativeRank: number;
}

class Columns {
  #count = 0;
  readonly #whole: Int32Array[];
  readonly #real: Float64Array[];

  constructor(capacity: number) {
    this.#whole = Array.from({ length: 5 }, () => new Int32Array(capacity));
    this.#real = Array.from({ length: 2 }, () => new Float64Array(capacity));
  }

  push(row: TripletRow): void {
    const at = this.#count++;
    [row.anchor, row.positive, row.negative, row.positiveRank, row.negativeRank].forEach((value, column) => {
      this.#whole[column]![at] = value;
    });
    this.#real[0]![at] = row.anchorPositive;
    this.#real[1]![at] = row.anchorNegative;
  }

  finish(anchors: number): MinedTriplets {
    const count = this.#count;
    const [a, p, n, positiveRank, negativeRank] = this.#whole.map((column) => column.slice(0, count));
    const [ap, an] = this.#real.map((column) => column.slice(0, count));
    return {
      count,
      anchors: a!,
      positives: p!,
      negatives: n!,
      anchorPositive: ap!,
      anchorNegative: an!,
      positiveRank: positiveRank!,
      negativeRank: negativeRank!,
      anchorsWithout: anchors - count,
    };
  }
}
