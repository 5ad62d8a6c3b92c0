import type { Network } from '../backbones/network.ts';
import { type SourceArray, type WeightMatch, isComplete, matchWeights } from './match.ts';
import { EFFICIENTNET_PYTORCH } from './names.ts';

/** A network that a file may belong to. */
export interface Candidate {
  readonly id: string;
  readonly create: () => Network;
}

/** How well a file fits a network. */
export interface Fit {
  readonly backbone: string;
  readonly match: WeightMatch;
  /** Share of the network's arrays that the file has in the right shape, 0 to 1. */
  readonly share: number;
  /** Every array is there. */
  readonly complete: boolean;
}

/**
 * How a file fits each network, the best first: complete ones before others, then the larger share, then the network
 * that leaves fewer of the file's arrays over.
 *
 * @param fileName tells what arrays do not: timm's converted networks have the same names as its own
 */
export function fitsOf(
  candidates: readonly Candidate[],
  arrays: readonly SourceArray[],
  fileName: string,
): Fit[] {
  const fits = candidates.map(({ id, create }) => fitOf(id, create(), arrays));
  const saysConverted = /(^|[^a-z])tf_/i.test(fileName);
  const rank = ({ backbone, match }: Fit): number =>
    backbone.startsWith('tf_') === (saysConverted || match.dialect === EFFICIENTNET_PYTORCH.id) ? 0 : 1;
  return fits.sort(
    (a, b) =>
      Number(b.complete) - Number(a.complete) ||
      b.share - a.share ||
      a.match.unexpected.length - b.match.unexpected.length ||
      rank(a) - rank(b),
  );
}

export function fitOf(backbone: string, network: Network, arrays: readonly SourceArray[]): Fit {
  const match = matchWeights(network, arrays);
  const { matched, filled, missing, different } = match;
  const all = matched.length + filled.length + missing.length + different.length;
  const complete = isComplete(match);
  return { backbone, match, share: (matched.length + filled.length) / Math.max(1, all), complete };
}
