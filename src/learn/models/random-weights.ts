import { type Network, weightedLayers } from '../backbones/network.ts';
import type { Random } from '../random/counter-random.ts';
import { type WeightArray, weightShapes } from './weights.ts';

/**
 * Weights to train from nothing: filters normal with deviation sqrt(2 / fan in), norms without effect, biases 0.
 * He et al., "Delving Deep into Rectifiers", ICCV 2015.
 */
export function randomWeights(network: Network, random: Random): Map<string, WeightArray> {
  const layers = weightedLayers(network);
  const ones = new Set(layers.flatMap(({ norm }) => (norm ? [norm.gamma, norm.variance] : [])));
  const fanIn = new Map(
    layers.flatMap((layer) => {
      if (layer.kind === 'norm') return [];
      const [height, width, channels] = layer.shape;
      return [[layer.filter, height * width * (layer.depthwise ? 1 : channels)] as const];
    }),
  );
  const arrays = new Map<string, WeightArray>();
  for (const { name, shape } of weightShapes(network)) {
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
    const inputs = fanIn.get(name);
    if (inputs === undefined) data.fill(ones.has(name) ? 1 : 0);
    else data.forEach((_, i) => (data[i] = random.normal() * Math.sqrt(2 / inputs)));
    arrays.set(name, { shape, data });
  }
  return arrays;
}
