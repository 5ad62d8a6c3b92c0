import { type Network, channelsOf, unitsOf } from '../backbones/network.ts';

/** The process with TensorFlow loaded and nothing computed yet. */
const BASE_BYTES = 420e6;

/**
 * About how many bytes a training step holds at its peak: every unit's output is kept for the gradient, gradients and the
 * kernels' own scratch copies stand beside it, and batch norm on the batch's statistics keeps its input too. The factors
 * are fitted to the resident memory of MobileNetV2 at 128 px and batch 32 (0.97 and 1.2 GB).
 */
export function trainingBytes(
  network: Network,
  batch: number,
  size: number,
  freezeBatchNorm: boolean,
): number {
  let side = size;
  let values = 0;
  let widest = 0;
  for (const unit of unitsOf(network)) {
    side = Math.ceil(side / unit.stride);
    const outputs = side * side * channelsOf(unit);
    values += outputs;
    widest = Math.max(widest, outputs);
  }
  return BASE_BYTES + 4 * batch * (values * (freezeBatchNorm ? 3.5 : 5.5) + widest * 4 + size * size * 9);
}
