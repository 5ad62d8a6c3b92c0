import type { Preset } from './preset.ts';

/** Measured on the emoji demo: a better start and gentler crops than the published recipes, for minutes on a processor. */
export const demo: Preset = {
  id: 'demo',
  title: 'Small set on a processor',
  summary:
    'SoftTriple with two centres a class at 128 px, started from the principal axes of the untrained features. Minutes on two cores.',
  method: 'soft-triple',
  settings: {
    dim: 128,
    size: 128,
    epochs: 6,
    batch: 32,
    backboneRate: 3e-4,
    headRate: 1e-3,
    centersRate: 1e-2,
    weightDecay: 1e-4,
    adamEpsilon: 1e-8,
    schedule: 'cosine',
    warmupSteps: 20,
    freezeBatchNorm: true,
    headInit: 'pca',
    cropScaleMin: 0.5,
    flip: false,
    centersPerClass: 2,
  },
};
