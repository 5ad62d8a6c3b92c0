import * as tf from '@tensorflow/tfjs-core';
import type { UpdateRule } from './update-rule.ts';

export interface AdamSettings {
  readonly beta1: number;
  readonly beta2: number;
  /** Added after the bias correction, as in the published recipe's framework (torch). */
  readonly epsilon: number;
  /** Divide by the largest second moment so far. Reddi et al., "On the Convergence of Adam and Beyond", ICLR 2018. */
  readonly amsgrad: boolean;
  /** Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019 (AdamW). */
  readonly decoupledDecay: boolean;
}

/**
 * Adam: `value -= rate' * m / (sqrt(v) + epsilon')` for the uncorrected moments m and v, with
 * rate' = rate * sqrt(1 - beta2^t) / (1 - beta1^t) and epsilon' = epsilon * sqrt(1 - beta2^t).
 * Kingma and Ba, "Adam", ICLR 2015, the second form of algorithm 1, with epsilon moved to where torch has it.
 *
 * The moments are kept in float32, whose beta2 of 0.999 is off by 1e-8; correcting with that same number cancels it.
 */
export function adam({ beta1, beta2, epsilon, amsgrad, decoupledDecay }: AdamSettings): UpdateRule {
  const [b1, b2] = [Math.fround(beta1), Math.fround(beta2)];
  const moments = momentRule(b1, b2, amsgrad);
  return {
    ...moments,
    decoupledDecay,
    numbers: (t, rate) => {
      const root = Math.sqrt(1 - b2 ** t);
      const corrected = [(rate * root) / (1 - b1 ** t), epsilon * root];
      return decoupledDecay ? [...corrected, rate] : corrected;
    },
  };
}

/**
 * RMSprop without momentum: the same arithmetic with the gradient as its own first moment and no correction.
 * Tieleman and Hinton, Coursera lecture 6.5, 2012; epsilon is added to the root, as in torch.
 */
export function rmsprop({
  decay,
  epsilon,
}: {
  readonly decay: number;
  readonly epsilon: number;
}): UpdateRule {
  return {
    ...momentRule(0, Math.fround(decay), false),
    decoupledDecay: false,
    numbers: (_, rate) => [rate, epsilon],
  };
}

function momentRule(
  beta1: number,
  beta2: number,
  amsgrad: boolean,
): Pick<UpdateRule, 'slots' | 'update' | 'kernel'> {
  return {
    slots: amsgrad ? ['first', 'second', 'largest'] : ['first', 'second'],
    update: (value, [m, v, most], gradient, [rate, epsilon]) => {
      const [m0, v0] = [m as tf.Tensor, v as tf.Tensor];
      const first = tf.add(m0, tf.mul(tf.sub(gradient, m0), 1 - beta1));
      const second = tf.add(v0, tf.mul(tf.sub(tf.square(gradient), v0), 1 - beta2));
      const largest = most ? [tf.maximum(most, second)] : [];
      const root = tf.add(tf.sqrt(largest[0] ?? second), epsilon as tf.Tensor);
      const moved = tf.sub(value, tf.div(tf.mul(first, rate as tf.Tensor), root));
      return { value: moved, slots: [first, second, ...largest] };
    },
    kernel: {
      name: amsgrad ? 'ResourceApplyAdamWithAmsgrad' : 'ResourceApplyAdam',
      // The kernel's own bias correction is switched off by powers of 0: the given rate holds it already.
      inputs: [
        { constant: 0 },
        { constant: 0 },
        { number: 0 },
        { constant: beta1 },
        { constant: beta2 },
        { number: 1 },
        'gradient',
      ],
      switches: amsgrad ? { use_locking: false } : { use_locking: false, use_nesterov: false },
    },
  };
}
