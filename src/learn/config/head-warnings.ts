import { findBackbone } from '../backbones/catalog.ts';
import type { RunSettings } from './run-settings.ts';

type HeadSettings = Pick<RunSettings, 'backbone' | 'dim' | 'pooling' | 'headInit' | 'frozenStages'>;

/** What a person may not expect of the head and of frozen stages, a sentence each. */
export function headWarnings({ backbone, dim, pooling, headInit, frozenStages }: HeadSettings): string[] {
  const network = findBackbone(backbone)?.create();
  if (!network) return [];
  const warnings: string[] = [];
  if (headInit === 'pca' && pooling === 'flatten') {
    warnings.push('A flattened map is too large for principal axes: the embedding layer starts at random.');
  } else if (headInit === 'pca' && dim > network.featureDim) {
    warnings.push(
      `The network gives ${String(network.featureDim)} features, so ${String(dim - network.featureDim)} of the ${String(dim)} dimensions start at zero.`,
    );
  }
  if (frozenStages >= network.stages.length) {
    warnings.push(
      `The network has ${String(network.stages.length)} stages and all are frozen: only the embedding layer and the method learn.`,
    );
  }
  return warnings;
}
