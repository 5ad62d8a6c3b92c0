import type { Network } from '../backbones/network.ts';
import { lastSide } from '../backbones/shapes.ts';
import { weightShapes } from '../models/weights.ts';

/** The process with TensorFlow loaded and nothing computed yet. */
const BASE_BYTES = 420e6;

/** Weights that the process has anyway; the factors below are fitted with these. */
const FITTED_WEIGHTS = 410_208;
/** A trained weight, its gradients, its two moments, what is worked out on the way, and a copy for a checkpoint. */
const COPIES_OF_A_WEIGHT = 11;

/**
 * About how many bytes a training step holds at its peak: every layer's output is kept for the gradient, gradients and the
 * kernels' own scratch copies stand beside it, and batch norm on the batch's statistics keeps its input too. The factors
 * are fitted to the resident memory of MobileNetV2 at 128 px and batch 32 (0.97 and 1.2 GB); with them eight other
 * networks come out within a tenth of what they took.
 */
export function trainingBytes(
  network: Network,
  batch: number,
  size: number,
  freezeBatchNorm: boolean,
): number {
  let values = 0;
  let widest = 0;
  lastSide(network, size, (layer, { height, width }, channels) => {
    // A sum takes the place of one of its branches.
    if (layer.kind === 'sum') return;
    const outputs = height * width * channels;
    values += outputs;
    widest = Math.max(widest, outputs);
  });
  const weights = weightShapes(network).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const activations = values * (freezeBatchNorm ? 3.5 : 5.5) + widest * 4 + size * size * 9;
  const arrays = Math.max(0, weights - FITTED_WEIGHTS) * COPIES_OF_A_WEIGHT;
  return BASE_BYTES + 4 * (batch * activations + arrays);
}
