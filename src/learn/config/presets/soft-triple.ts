import { type Preset, RETRIEVAL_VIEWS } from './preset.ts';

/** Qian et al., ICCV 2019. Its backbone was BN-Inception; the built-in one stands in where no weights are imported. */
export const PUBLISHED_SOFT_TRIPLE = {
  ...RETRIEVAL_VIEWS,
  dim: 64,
  epochs: 50,
  batch: 32,
  backboneRate: 1e-4,
  headRate: 1e-4,
  centersRate: 1e-2,
  weightDecay: 1e-4,
  adamEpsilon: 0.01,
  schedule: 'step',
  milestones: [19, 39],
  decayFactor: 0.1,
  freezeBatchNorm: true,
};

const loss = {
  centersPerClass: 10,
  scale: 20,
  centerTemperature: 0.1,
  regularizerWeight: 0.2,
  margin: 0.01,
};

export const softTriplePresets: readonly Preset[] = [
  {
    id: 'soft-triple-cub',
    title: 'SoftTriple on CUB-200-2011, as published',
    summary: 'Rates, schedule and augmentation of Qian et al. 2019 for birds, on the built-in backbone.',
    method: 'soft-triple',
    settings: { ...PUBLISHED_SOFT_TRIPLE, ...loss },
  },
  {
    id: 'soft-triple-cars196',
    title: 'SoftTriple on Cars196, as published',
    summary: 'Rates, schedule and augmentation of Qian et al. 2019 for cars, on the built-in backbone.',
    method: 'soft-triple',
    settings: { ...PUBLISHED_SOFT_TRIPLE, ...loss },
  },
  {
    id: 'soft-triple-sop',
    title: 'SoftTriple on Stanford Online Products, as published',
    summary:
      'Two centres a class and a centre rate of 0.1, as classes have few images; batch statistics move.',
    method: 'soft-triple',
    settings: {
      ...PUBLISHED_SOFT_TRIPLE,
      ...loss,
      centersRate: 0.1,
      centersPerClass: 2,
      freezeBatchNorm: false,
    },
  },
];
