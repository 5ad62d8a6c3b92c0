/** How the last feature map becomes a vector: its average, its average and its largest values added, or as it is. */
export const POOLINGS = ['average', 'average+max', 'flatten'] as const;
export type Pooling = (typeof POOLINGS)[number];

/** What normalises the embedding before it is scaled to unit length. */
export const HEAD_NORMS = ['none', 'layer'] as const;
export type HeadNorm = (typeof HEAD_NORMS)[number];
