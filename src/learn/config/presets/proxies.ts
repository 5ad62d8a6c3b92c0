import { type Preset, RETRIEVAL_VIEWS } from './preset.ts';
import { PUBLISHED_SOFT_TRIPLE } from './soft-triple.ts';

/** Kim et al., CVPR 2020, as the authors' own commands for BN-Inception have it; proxies learn 100 times as fast. */
const proxyAnchor = {
  ...RETRIEVAL_VIEWS,
  dim: 512,
  epochs: 60,
  batch: 180,
  optimizer: 'adamw',
  backboneRate: 1e-4,
  headRate: 1e-4,
  centersRate: 1e-2,
  weightDecay: 1e-4,
  schedule: 'step',
  decayFactor: 0.5,
  pooling: 'average+max',
  freezeBatchNorm: true,
  alpha: 32,
  margin: 0.1,
};
const every = (epochs: number): number[] =>
  Array.from({ length: Math.ceil(proxyAnchor.epochs / epochs) - 1 }, (_, i) => (i + 1) * epochs);

export const proxyPresets: readonly Preset[] = [
  {
    id: 'proxy-nca',
    title: 'ProxyNCA',
    summary:
      'The loss of Movshovitz-Attias et al. 2017 with 64 dimensions. Its own rates were not published whole: those of the SoftTriple paper, which compares with it, stand in.',
    method: 'proxy-nca',
    settings: PUBLISHED_SOFT_TRIPLE,
  },
  {
    id: 'proxy-anchor-cub',
    title: 'Proxy-Anchor on CUB-200-2011',
    summary:
      'Kim et al. 2020: 512 dimensions, batches of 180, rates halved every 10 epochs; the network waits for one epoch (33 steps) while the proxies find their places.',
    method: 'proxy-anchor',
    settings: { ...proxyAnchor, milestones: every(10), freezeBackboneSteps: 33 },
  },
  {
    id: 'proxy-anchor-cars196',
    title: 'Proxy-Anchor on Cars196',
    summary: 'As for birds, with rates halved every 20 epochs and a first epoch of 45 steps.',
    method: 'proxy-anchor',
    settings: { ...proxyAnchor, milestones: every(20), freezeBackboneSteps: 45 },
  },
  {
    id: 'proxy-anchor-sop',
    title: 'Proxy-Anchor on Stanford Online Products',
    summary:
      'Rates six times as high, quartered every 20 epochs; batch statistics move; a first epoch of 331 steps.',
    method: 'proxy-anchor',
    settings: {
      ...proxyAnchor,
      backboneRate: 6e-4,
      headRate: 6e-4,
      centersRate: 6e-2,
      decayFactor: 0.25,
      milestones: every(20),
      freezeBackboneSteps: 331,
      freezeBatchNorm: false,
    },
  },
];
