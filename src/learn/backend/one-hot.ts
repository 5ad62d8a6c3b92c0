import * as tf from '@tensorflow/tfjs-core';

/** 1 in the label's column, 0 elsewhere: float32 [batch, classes]. Unlike tf.oneHot it takes a single class. */
export const oneHotRows = (labels: tf.Tensor1D, classes: number): tf.Tensor2D =>
  tf.cast(
    tf.equal(tf.expandDims(labels, 1), tf.reshape(tf.range(0, classes, 1, 'int32'), [1, classes])),
    'float32',
  );
