import type { TrainingEmbeddings } from '#learn/losses/method.ts';
import type { TripletsInUse } from './mining-state.ts';

/**
 * Of the triplets that were active when they were mined, the share that is not any more: d(a,p) - d(a,n) + margin <= 0
 * under the embeddings of now, d the Euclidean distance. null where none was active.
 */
export function solvedShare(
  { anchors, positives, negatives, active }: TripletsInUse,
  { embeddings, dim }: Pick<TrainingEmbeddings, 'embeddings' | 'dim'>,
  margin: number,
): number | null {
  const distance = (a: number, b: number): number => {
    let sum = 0;
    for (let d = 0; d < dim; d++) sum += (embeddings[a * dim + d]! - embeddings[b * dim + d]!) ** 2;
    return Math.sqrt(sum);
  };
  let [were, solved] = [0, 0];
  for (const [i, anchor] of anchors.entries()) {
    if (active[i] !== 1) continue;
    were += 1;
    if (distance(anchor, positives[i]!) - distance(anchor, negatives[i]!) + margin <= 0) solved += 1;
  }
  return were === 0 ? null : solved / were;
}
