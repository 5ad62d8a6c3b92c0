import { ContentStore } from '#catalog/content-store.ts';
import { bootstrapPairShare } from '#learn/metrics/bootstrap.ts';
import { type PairHistogram, countPairs, operatingPoint, ratesAt } from '#learn/metrics/verification.ts';
import { VectorSpace } from '#learn/space/vector-space.ts';
import type { Score } from '#shared/domain/evaluation.ts';
import type { EvaluateTask } from '#shared/worker/embed.ts';
import type { EvaluatedVectors } from './evaluated-vectors.ts';
import { readEmbedding } from './read-embedding.ts';

/** False match rates at which the false non-match rate is given. */
const FMRS = [0.1, 0.01, 0.001, 0.0001] as const;

export interface VerificationOptions {
  readonly libraryPath: string;
  readonly thresholdsFrom: EvaluateTask['thresholdsFrom'];
  readonly part: string;
  readonly seed: number;
  readonly samples: number;
  readonly signal: AbortSignal;
  readonly onBlock: (done: number, total: number) => Promise<void>;
}

/**
 * FNMR@FMR over all pairs of the evaluated part. The thresholds are those that keep the false match rates on the pairs of
 * another part (the validation classes); where there is none or it has too few pairs, on the scored pairs themselves,
 * and each score says which. A rate that neither has the pairs for is left out.
 */
export async function verificationScores(
  input: EvaluatedVectors,
  options: VerificationOptions,
): Promise<Record<string, Score>> {
  const { signal, onBlock, thresholdsFrom, part, seed, samples } = options;
  const space = new VectorSpace(input.table, input.metric);
  const elsewhere = await histogramOf(options);
  const given = FMRS.map((fmr) => (elsewhere === null ? null : operatingPoint(elsewhere, fmr)));
  const thresholds = given.flatMap((point) => (point === null ? [] : [point.threshold]));
  const first = await countPairs(space, input.labels, { signal, onBlock, thresholds });
  const points = FMRS.map((fmr, at) => given[at] ?? operatingPoint(first.histogram, fmr));
  const added = points.flatMap((point, at) =>
    given[at] !== null || point === null ? [] : [point.threshold],
  );
  const second =
    added.length === 0 ? null : await countPairs(space, input.labels, { signal, onBlock, thresholds: added });
  const misses = new Map<number, Float64Array>();
  thresholds.forEach((threshold, at) => misses.set(threshold, first.misses[at]!));
  added.forEach((threshold, at) => misses.set(threshold, second!.misses[at]!));
  const scores: Record<string, Score> = {};
  points.forEach((point, at) => {
    if (point === null) return;
    const { threshold } = point;
    const share = bootstrapPairShare(misses.get(threshold)!, first.genuine, {
      samples,
      seed,
      classes: input.labels,
    });
    const chosenOn = given[at] === null ? part : thresholdsFrom!.part;
    const { fmr } = ratesAt(first.histogram, threshold);
    scores[`fnmr@fmr=${FMRS[at]!}`] = { ...share, operating: { threshold, chosenOn, fmr } };
  });
  return scores;
}

async function histogramOf({
  thresholdsFrom,
  libraryPath,
  signal,
}: VerificationOptions): Promise<PairHistogram | null> {
  if (thresholdsFrom === null) return null;
  const { table, labels } = await readEmbedding(new ContentStore(libraryPath).get(thresholdsFrom.file));
  if (table.rows < 2) return null;
  return (await countPairs(new VectorSpace(table, 'cosine'), labels, { signal })).histogram;
}
