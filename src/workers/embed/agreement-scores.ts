import { bootstrapAround } from '#learn/metrics/bootstrap.ts';
import {
  adjustedMutualInformation,
  normalizedMutualInformation,
} from '#learn/metrics/clustering-agreement.ts';
import { contingency, redrawn } from '#learn/metrics/contingency.ts';
import { kMeans } from '#learn/metrics/k-means.ts';
import type { VectorTable } from '#learn/space/vector-space.ts';
import type { Score } from '#shared/domain/evaluation.ts';

/** Every sample counts all images again: fewer samples than for means of queries are enough, and take seconds. */
const MOST_SAMPLES = 200;
/** Above this many distances an iteration takes seconds. */
const LARGE = 1e8;

export interface AgreementOptions {
  readonly seed: number;
  readonly samples: number;
  readonly signal: AbortSignal;
  readonly onBlock: () => Promise<void>;
}

/** NMI and AMI (arithmetic means) of the classes with a k-means clustering into as many clusters as there are classes. */
export async function agreementScores(
  table: VectorTable,
  labels: Int32Array,
  classes: number,
  { seed, samples, signal, onBlock }: AgreementOptions,
): Promise<{ readonly nmi: Score; readonly ami: Score }> {
  const maxIterations = table.rows * classes > LARGE ? 20 : 50;
  const { assignment } = await kMeans(table, classes, { seed, maxIterations, signal, onBlock });
  const cells = contingency(labels, assignment);
  const options = { seed, samples: Math.min(samples, MOST_SAMPLES) };
  const scoreOf = (measure: typeof normalizedMutualInformation): Score =>
    bootstrapAround(measure(cells), table.rows, (draws) => measure(redrawn(cells, draws)), options);
  return { nmi: scoreOf(normalizedMutualInformation), ami: scoreOf(adjustedMutualInformation) };
}

/** Rows scaled to unit length, so that k-means sees what cosine sees. */
export function unitTable({ data, rows, dim }: VectorTable): VectorTable {
  const unit = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    let square = 0;
    for (let at = row * dim; at < (row + 1) * dim; at++) square += data[at]! * data[at]!;
    const scale = 1 / Math.sqrt(square);
    for (let at = row * dim; at < (row + 1) * dim; at++) unit[at] = data[at]! * scale;
  }
  return { data: unit, rows, dim };
}
