/** What a score is called, where it stands and whether less of it is better. */
export interface ScoreTitle {
  readonly title: string;
  readonly group: ScoreGroup;
  /** Said where a pointer rests on it. */
  readonly meaning?: string;
  readonly lessIsBetter?: boolean;
}

export type ScoreGroup = 'Retrieval' | 'Classification' | 'Clustering' | 'Verification' | 'Other';
export const SCORE_GROUPS: readonly ScoreGroup[] = [
  'Retrieval',
  'Classification',
  'Clustering',
  'Verification',
  'Other',
];

const TITLES: Readonly<Record<string, ScoreTitle>> = {
  mrr: { title: 'MRR', group: 'Retrieval', meaning: 'Mean of 1 / rank of the first hit' },
  'map@r': { title: 'MAP@R', group: 'Retrieval' },
  'r-precision': { title: 'R-precision', group: 'Retrieval' },
  'precision@1': {
    title: 'Nearest neighbour',
    group: 'Classification',
    meaning: 'Precision at 1: share of queries whose nearest image has their class',
  },
  'macro-precision@1': {
    title: 'Nearest neighbour, macro',
    group: 'Classification',
    meaning: 'Mean over classes of their precision at 1',
  },
  'knn@5': { title: 'Vote of 5 nearest', group: 'Classification' },
  'macro-knn@5': { title: 'Vote of 5 nearest, macro', group: 'Classification' },
  centroid: {
    title: 'Nearest centroid',
    group: 'Classification',
    meaning: 'The query itself is left out of its class’s centroid',
  },
  'macro-centroid': { title: 'Nearest centroid, macro', group: 'Classification' },
  'accuracy@1': {
    title: 'Own classifier',
    group: 'Classification',
    meaning: 'Share of images to which the classifier that was trained with the embedding gives their class',
  },
  'macro-accuracy': {
    title: 'Own classifier, macro',
    group: 'Classification',
    meaning: 'Mean over classes of the share that the classifier gets right',
  },
  nmi: {
    title: 'NMI',
    group: 'Clustering',
    meaning: 'k-means into as many clusters as classes; arithmetic mean of the entropies',
  },
  'nmi-geometric': {
    title: 'NMI, geometric',
    group: 'Clustering',
    meaning: 'Geometric mean of the entropies',
  },
  ami: { title: 'AMI', group: 'Clustering', meaning: 'NMI adjusted for chance' },
  'pair-f1': { title: 'Pair F1', group: 'Clustering' },
};
const ORDER = Object.keys(TITLES);

/** @param key as in `Scores`; one that is not known stands last under its own name */
export function scoreTitle(key: string): ScoreTitle {
  const rank = /^recall@(\d+)$/.exec(key);
  if (rank !== null) return { title: `R@${rank[1]!}`, group: 'Retrieval' };
  const fmr = /^fnmr@fmr=(.+)$/.exec(key);
  if (fmr !== null)
    return {
      title: `FNMR at FMR ${Number((Number(fmr[1]) * 100).toPrecision(3))} %`,
      group: 'Verification',
      meaning: 'Share of pairs of one class that are not called a match',
      lessIsBetter: true,
    };
  return TITLES[key] ?? { title: key, group: 'Other' };
}

/** Papers' order: recall by rank, then the list above, then verification from loose to strict. */
export function compareKeys(a: string, b: string): number {
  return placeOf(a) - placeOf(b) || (a < b ? -1 : 1);
}

function placeOf(key: string): number {
  const { group } = scoreTitle(key);
  const within =
    group === 'Retrieval' && key.startsWith('recall@')
      ? Number(key.slice('recall@'.length)) / 1e9
      : group === 'Verification'
        ? 1 - Number(key.slice('fnmr@fmr='.length))
        : 1 + ORDER.indexOf(key);
  return 1000 * SCORE_GROUPS.indexOf(group) + within;
}
