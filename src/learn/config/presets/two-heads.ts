import type { Preset } from './preset.ts';

/**
 * Taha et al., "Boosting Standard Classification Architectures Through a Ranking Regularizer", WACV 2020: stochastic
 * gradient descent from 0.01 down to 0 along a line, batches of 8 classes with 4 images, the embedding read from the
 * whole last feature map. Its backbone was ResNet-50.
 */
const recipe = {
  dim: 256,
  size: 224,
  evaluationResize: 256,
  epochs: 50,
  sampler: 'per-class',
  imagesPerClass: 4,
  batch: 32,
  optimizer: 'sgd',
  momentum: 0.9,
  backboneRate: 0.01,
  headRate: 0.01,
  centersRate: 0.01,
  weightDecay: 1e-4,
  schedule: 'polynomial',
  schedulePower: 1,
  warmupSteps: 0,
  pooling: 'flatten',
  headInit: 'random',
  freezeBatchNorm: false,
  flip: true,
  cropScaleMin: 0.08,
  featureDivisor: 1,
  weight: 1,
  margin: 0.2,
};

export const twoHeadsPresets: readonly Preset[] = [
  {
    id: 'two-heads-semi-hard',
    title: 'Two heads, semi-hard triplets',
    summary:
      'Softmax and a triplet embedding side by side (Taha et al. 2020). For classes that are seen in training, and for sets in which some classes are rare.',
    method: 'two-head',
    settings: { ...recipe, mining: 'semi-hard' },
  },
  {
    id: 'two-heads-hard',
    title: 'Two heads, hardest triplets',
    summary:
      'As above with the furthest positive and the nearest negative of the batch: the best rows of the paper.',
    method: 'two-head',
    settings: { ...recipe, mining: 'hard' },
  },
];
