import { type Network, channelsOf, unitsOf } from '../backbones/network.ts';

/** The process with TensorFlow loaded and nothing computed yet. */
const BASE_BYTES = 420e6;

/**
 * About how many bytes a training step holds at its peak: every unit's output is kept for the gradient, and one more
 * time where batch norm keeps its own input; gradients of the widest layers stand beside them.
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
  return BASE_BYTES + 4 * batch * (values * (freezeBatchNorm ? 1 : 3) + widest * 4 + size * size * 9);
}
