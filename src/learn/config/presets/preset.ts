/** Settings under a name: run settings and method settings side by side. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly method: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What the papers of fine-grained retrieval since 2019 share: 224 px crops of images resized to 256, and flips. */
export const RETRIEVAL_VIEWS = {
  size: 224,
  evaluationResize: 256,
  cropScaleMin: 0.08,
  flip: true,
  headInit: 'random',
  warmupSteps: 0,
};
