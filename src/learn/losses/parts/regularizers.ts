import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Method } from '../method.ts';

/** Mean over rows of |x|^2. @param x [rows, dim] */
export const meanSquaredLength = (x: tf.Tensor2D): tf.Scalar => tf.mean(tf.sum(tf.square(x), 1));

const setting = z.number().min(0).max(100).meta({
  rare: true,
  title: 'Length penalty',
  description:
    'Weight of half the mean squared length that embeddings have before they are scaled to unit length; 0 for none.',
});

/**
 * The method with one more setting, `embeddingRegularizer`: that weight times half the mean squared length of the raw
 * embeddings is added to its loss. Sohn, NIPS 2016, section 3.2.2, for N-pairs; it fits any loss over embeddings.
 *
 * @param weight  of the penalty where nobody says otherwise
 * @param symbols of the paper for it, where there are any
 */
export function withLengthPenalty(
  method: Method,
  weight = 0,
  symbols: Readonly<Record<string, 'embeddingRegularizer'>> = {},
): Method {
  const schema = method.schema.extend({ embeddingRegularizer: setting.default(weight) });
  return {
    ...method,
    schema,
    symbols: { ...method.symbols, ...symbols },
    ...(method.check && {
      check: (settings, facts) => method.check?.(partsOf(schema, settings).own, facts) ?? [],
    }),
    build: (settings, context) => {
      const { own, penalty } = partsOf(schema, settings);
      const built = method.build(own, context);
      if (penalty === 0) return built;
      return {
        ...built,
        loss: (batch) => {
          const { value, ...rest } = built.loss(batch);
          return { ...rest, value: tf.add(value, tf.mul(meanSquaredLength(batch.raw), penalty / 2)) };
        },
      };
    },
  };
}

function partsOf(
  schema: z.ZodObject,
  settings: Readonly<Record<string, unknown>>,
): { readonly own: Readonly<Record<string, unknown>>; readonly penalty: number } {
  const { embeddingRegularizer, ...own } = schema.parse(settings);
  return { own, penalty: embeddingRegularizer as number };
}
