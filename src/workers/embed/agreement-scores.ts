import {
  adjustedMutualInformation,
  normalizedMutualInformation,
} from '#learn/metrics/clustering-agreement.ts';
import { type Contingency, contingency, redrawn } from '#learn/metrics/contingency.ts';
import { halfSampled } from '#learn/metrics/half-samples.ts';
import { kMeans } from '#learn/metrics/k-means.ts';
import { pairScores } from '#learn/metrics/pair-counting.ts';
import type { VectorTable } from '#learn/space/vector-space.ts';
import type { Score } from '#shared/domain/evaluation.ts';

/** Every sample counts half of the images again: fewer samples than for means of queries are enough. */
const MOST_SAMPLES = 200;
/** Above this many distances an iteration takes seconds. */
const LARGE = 1e8;

export interface AgreementOptions {
  readonly seed: number;
  readonly samples: number;
  readonly signal: AbortSignal;
  readonly onBlock: () => Promise<void>;
}

export interface Agreement {
  readonly scores: Readonly<Record<string, Score>>;
  /** [rows], the cluster of every row. */
  readonly clusters: Int32Array;
}

/** NMI, AMI and pair F1 of the classes with a k-means clustering into as many clusters as there are classes. */
export async function agreementScores(
  table: VectorTable,
  labels: Int32Array,
  classes: number,
  { seed, samples, signal, onBlock }: AgreementOptions,
): Promise<Agreement> {
  const maxIterations = table.rows * classes > LARGE ? 20 : 50;
  const { assignment } = await kMeans(table, classes, { seed, maxIterations, signal, onBlock });
  const cells = contingency(labels, assignment);
  const scores = halfSampled(scoresOf(cells), labels, (images) => scoresOf(redrawn(cells, images)), {
    seed,
    samples: Math.min(samples, MOST_SAMPLES),
  });
  return { scores, clusters: assignment };
}

function scoresOf(cells: Contingency) {
  return {
    nmi: normalizedMutualInformation(cells, 'arithmetic'),
    'nmi-geometric': normalizedMutualInformation(cells, 'geometric'),
    ami: adjustedMutualInformation(cells, 'arithmetic'),
    'pair-f1': pairScores(cells).f1,
  };
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
