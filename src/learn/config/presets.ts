/** Settings under a name: run settings and method settings side by side. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly method: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The recipe of the SoftTriple paper. Its backbone was BN-Inception; the built-in one stands in for it here. */
const published = {
  dim: 64,
  size: 224,
  evaluationResize: 256,
  epochs: 50,
  batch: 32,
  backboneRate: 1e-4,
  headRate: 1e-4,
  centersRate: 1e-2,
  weightDecay: 1e-4,
  adamEpsilon: 0.01,
  schedule: 'step',
  warmupSteps: 0,
  milestones: [19, 39],
  decayFactor: 0.1,
  freezeBatchNorm: true,
  headInit: 'random',
  cropScaleMin: 0.08,
  flip: true,
  centersPerClass: 10,
  scale: 20,
  centerTemperature: 0.1,
  regularizerWeight: 0.2,
  margin: 0.01,
};

export const presets: readonly Preset[] = [
  {
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
  },
  {
    id: 'soft-triple-cub',
    title: 'SoftTriple on CUB-200-2011, as published',
    summary: 'Rates, schedule and augmentation of Qian et al. 2019 for birds, on the built-in backbone.',
    method: 'soft-triple',
    settings: published,
  },
  {
    id: 'soft-triple-cars196',
    title: 'SoftTriple on Cars196, as published',
    summary: 'Rates, schedule and augmentation of Qian et al. 2019 for cars, on the built-in backbone.',
    method: 'soft-triple',
    settings: published,
  },
  {
    id: 'soft-triple-sop',
    title: 'SoftTriple on Stanford Online Products, as published',
    summary:
      'Two centres a class and a centre rate of 0.1, as classes have few images; batch statistics move.',
    method: 'soft-triple',
    settings: { ...published, centersRate: 0.1, centersPerClass: 2, freezeBatchNorm: false },
  },
];

export const findPreset = (id: string): Preset | undefined => presets.find((preset) => preset.id === id);
