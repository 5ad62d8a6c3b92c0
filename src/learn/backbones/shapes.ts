import { windowsAlong } from '../backend/windows.ts';
import { type Layer, type Network, type WeightedLayer, channelsOf } from './network.ts';

/** Height and width of an image on its way through a network. */
export interface Side {
  readonly height: number;
  readonly width: number;
}

/** Told of every layer's output in the order of computation. */
export type Visit = (layer: Layer, side: Side, channels: number) => void;

/** Height and width of the last feature map for square images of `size`. */
export function lastSide(network: Network, size: number, visit: Visit = () => undefined): Side {
  let at = { side: { height: size, width: size }, channels: 3 };
  for (const { layers } of network.stages) at = follow(layers, at, visit);
  return at.side;
}

interface At {
  readonly side: Side;
  readonly channels: number;
}

function follow(layers: readonly Layer[], at: At, visit: Visit): At {
  for (const layer of layers) {
    at = outputOf(layer, at, visit);
    visit(layer, at.side, at.channels);
  }
  return at;
}

function outputOf(layer: Layer, at: At, visit: Visit): At {
  switch (layer.kind) {
    case 'norm':
      return at;
    case 'convolution':
      return {
        side: sideAfter(at.side, layer.shape, layer),
        channels: channelsOf(layer satisfies WeightedLayer),
      };
    case 'max-pool':
    case 'average-pool':
      return { side: sideAfter(at.side, [layer.size, layer.size], layer), channels: at.channels };
    case 'concat':
    case 'sum': {
      const ends = layer.branches.map((branch) => follow(branch, at, visit));
      const [first] = ends;
      if (!first) throw new Error('a layer without branches');
      const all = ends.reduce((sum, { channels }) => sum + channels, 0);
      return { side: first.side, channels: layer.kind === 'concat' ? all : first.channels };
    }
  }
}

const sideAfter = (
  { height, width }: Side,
  [kernelHeight, kernelWidth]: readonly [number, number, ...number[]],
  spec: { readonly stride: number; readonly padding: 'same' | number; readonly ceil?: boolean },
): Side => ({
  height: windowsAlong(height, kernelHeight, spec.stride, spec.padding, spec.ceil).count,
  width: windowsAlong(width, kernelWidth, spec.stride, spec.padding, spec.ceil).count,
});
