import type { Network } from './network.ts';
import type { Part } from './parts.ts';

/** What a network says of itself beside its layers. */
export type NetworkFacts = Omit<Network, 'stages' | 'featureDim'>;

/** Puts stages one after the other, beginning with the three channels of an image. */
export function buildNetwork(
  stages: readonly (readonly [name: string, part: Part])[],
  facts: NetworkFacts,
): Network {
  let channels = 3;
  const built = stages.map(([name, part]) => {
    const stage = part(channels);
    channels = stage.channels;
    return { name, layers: stage.layers };
  });
  return { ...facts, stages: built, featureDim: channels };
}
