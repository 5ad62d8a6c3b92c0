import { type Preset, RETRIEVAL_VIEWS } from './preset.ts';

/** Ge et al., ECCV 2018. The paper gives the loss and the batches whole, and its rates only in part. */
export const hierarchical: Preset = {
  id: 'hierarchical-triplet',
  title: 'Hierarchical triplet loss',
  summary:
    'Batches of classes that are near each other, and a margin from the tree of classes, rebuilt every epoch (Ge et al. 2018). Rates and schedule are those of the SoftTriple paper.',
  method: 'hierarchical-triplet',
  settings: {
    ...RETRIEVAL_VIEWS,
    dim: 512,
    epochs: 50,
    sampler: 'neighborhood',
    imagesPerClass: 4,
    batch: 64,
    backboneRate: 1e-4,
    headRate: 1e-4,
    weightDecay: 1e-4,
    adamEpsilon: 0.01,
    schedule: 'step',
    milestones: [19, 39],
    decayFactor: 0.1,
    freezeBatchNorm: true,
    levels: 16,
    margin: 0.1,
  },
};
