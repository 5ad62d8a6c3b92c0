import * as tf from '@tensorflow/tfjs-core';
import type { UpdateRule } from './update-rule.ts';

export interface MomentumSettings {
  /** Share of the last velocity that is kept; 0 for plain gradient descent. */
  readonly momentum: number;
  /** Look ahead along the velocity. Sutskever et al., ICML 2013, in torch's form. */
  readonly nesterov: boolean;
}

/** Stochastic gradient descent: velocity = momentum * velocity + gradient; value -= rate * velocity. */
export function sgd({ momentum, nesterov }: MomentumSettings): UpdateRule {
  const common = { decoupledDecay: false, numbers: (_: number, rate: number) => [rate] };
  if (momentum === 0) {
    return {
      ...common,
      slots: [],
      update: (value, _, gradient, [rate]) => ({
        value: tf.sub(value, tf.mul(gradient, rate as tf.Tensor)),
        slots: [],
      }),
      kernel: {
        name: 'ResourceApplyGradientDescent',
        inputs: [{ number: 0 }, 'gradient'],
        switches: { use_locking: false },
      },
    };
  }
  return {
    ...common,
    slots: ['velocity'],
    update: (value, [before], gradient, [rate]) => {
      const velocity = tf.add(tf.mul(before as tf.Tensor, momentum), gradient);
      const step = nesterov ? tf.add(gradient, tf.mul(velocity, momentum)) : velocity;
      return { value: tf.sub(value, tf.mul(step, rate as tf.Tensor)), slots: [velocity] };
    },
    kernel: {
      name: 'ResourceApplyMomentum',
      inputs: [{ number: 0 }, 'gradient', { constant: momentum }],
      switches: { use_locking: false, use_nesterov: nesterov },
    },
  };
}

/** RMSprop with momentum: velocity = momentum * velocity + gradient / (root of the second moment + epsilon). */
export function rmspropWithMomentum(settings: {
  readonly decay: number;
  readonly epsilon: number;
  readonly momentum: number;
}): UpdateRule {
  const { epsilon, momentum } = settings;
  const decay = Math.fround(settings.decay);
  return {
    slots: ['second', 'velocity'],
    decoupledDecay: false,
    numbers: (_, rate) => [rate],
    update: (value, [v, before], gradient, [rate]) => {
      const second = tf.add(v as tf.Tensor, tf.mul(tf.sub(tf.square(gradient), v as tf.Tensor), 1 - decay));
      const scaled = tf.div(gradient, tf.add(tf.sqrt(second), epsilon));
      const velocity = tf.add(tf.mul(before as tf.Tensor, momentum), scaled);
      return { value: tf.sub(value, tf.mul(velocity, rate as tf.Tensor)), slots: [second, velocity] };
    },
    // TensorFlow adds epsilon under the root.
    kernel: null,
  };
}
