import * as tf from '@tensorflow/tfjs-core';

const BLOCK = 512;

/**
 * Share of samples whose nearest other sample has their label; samples alone in their class are left out.
 *
 * @param embeddings [rows, dim] of unit length
 * @returns null where no sample has a partner
 */
export function recallAtOne(embeddings: tf.Tensor2D, labels: Int32Array): number | null {
  const rows = labels.length;
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  let hits = 0;
  let queries = 0;
  for (let from = 0; from < rows; from += BLOCK) {
    const count = Math.min(BLOCK, rows - from);
    const nearest = tf.tidy(() => {
      const block = tf.slice(embeddings, [from, 0], [count, -1]);
      const similarity = tf.matMul(block, embeddings, false, true);
      // By identity, not by rank: copies of an image are its neighbours.
      const ownColumns = tf.range(from, from + count, 1, 'int32');
      const self = tf.equal(tf.expandDims(ownColumns, 1), tf.expandDims(tf.range(0, rows, 1, 'int32'), 0));
      return tf.argMax(tf.sub(similarity, tf.mul(tf.cast(self, 'float32'), 4)), 1).dataSync();
    });
    for (let i = 0; i < count; i++) {
      const label = labels[from + i] as number;
      if ((sizes.get(label) ?? 0) < 2) continue;
      queries += 1;
      if (labels[nearest[i] as number] === label) hits += 1;
    }
  }
  return queries === 0 ? null : hits / queries;
}
