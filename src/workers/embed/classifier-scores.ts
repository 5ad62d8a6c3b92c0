import { bootstrapMacro, bootstrapMeans } from '#learn/metrics/bootstrap.ts';
import type { Score } from '#shared/domain/evaluation.ts';
import type { EvaluatedVectors } from './evaluated-vectors.ts';

/**
 * Share of images that the run's own classifier gets right, over images (micro) and as a mean over classes (macro). Every
 * image counts, also one that is alone in its class and so no query.
 *
 * @returns no scores where no classifier was asked
 */
export function classifierScores(
  { predictions, labels }: Pick<EvaluatedVectors, 'predictions' | 'labels'>,
  options: { readonly samples: number; readonly seed: number },
): Record<string, Score> {
  if (predictions === null) return {};
  const right = Float32Array.from(predictions, (id, row) => (id === labels[row] ? 1 : 0));
  return {
    ...bootstrapMeans({ 'accuracy@1': right }, { ...options, classes: labels }),
    'macro-accuracy': bootstrapMacro(right, labels, options),
  };
}
