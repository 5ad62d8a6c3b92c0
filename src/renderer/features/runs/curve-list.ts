import { words } from './schema-form.ts';

export type CurveGroup = 'learning' | 'distances' | 'rates' | 'speed' | 'method';

export const CURVE_GROUPS: readonly { readonly id: CurveGroup; readonly title: string }[] = [
  { id: 'learning', title: 'Loss and recall' },
  { id: 'distances', title: 'Distances and spread' },
  { id: 'rates', title: 'Rates' },
  { id: 'speed', title: 'Speed' },
  { id: 'method', title: 'The method’s own' },
];

export interface Curve {
  readonly id: string;
  readonly group: CurveGroup;
  readonly title: string;
  readonly yLabel: string;
  readonly withZero: boolean;
  /** Drawn although nothing was measured yet, so that the page does not jump. */
  readonly always: boolean;
  /** Its lines: names of measured values with what they are called in the chart. */
  readonly lines: Readonly<Record<string, string>>;
}

type Options = Partial<Pick<Curve, 'yLabel' | 'withZero' | 'always'>>;
const curve = (group: CurveGroup, title: string, lines: Curve['lines'], options: Options = {}): Curve => ({
  id: Object.keys(lines)[0] ?? title,
  group,
  title,
  lines,
  yLabel: '',
  withZero: false,
  always: false,
  ...options,
});
const share: Options = { yLabel: '0 to 1', withZero: true };

/** The charts of a run in reading order. A measured value that none of them knows gets a chart of its own. */
export const CURVES: readonly Curve[] = [
  curve('learning', 'Loss', { loss: 'Loss' }, { always: true }),
  curve('learning', 'Validation R@1', { recallAt1: 'R@1' }, { always: true }),
  curve('learning', 'Loss by class', { worstClassLoss: 'Hardest class', medianClassLoss: 'Middle class' }),
  curve(
    'distances',
    'Mean distance in a batch',
    { meanPositiveDistance: 'Same class', meanNegativeDistance: 'Other classes' },
    { yLabel: 'of at most 2', withZero: true },
  ),
  curve(
    'distances',
    'Spread of the embedding',
    { embeddingSpread: 'Spread' },
    { always: true, yLabel: '0 to 1' },
  ),
  curve('distances', 'Effective rank', { effectiveRank: 'Effective rank' }, { yLabel: 'dimensions' }),
  curve(
    'rates',
    'Learning rates',
    { learningRate: 'Backbone', learningRateHead: 'Head', learningRateCenters: 'Centres' },
    { always: true, withZero: true },
  ),
  curve('rates', 'Gradient norm', { gradientNorm: 'Gradient norm' }, { withZero: true }),
  curve(
    'speed',
    'Images a second',
    { imagesPerSecond: 'Images a second' },
    { always: true, withZero: true, yLabel: 'images/s' },
  ),
  curve(
    'speed',
    'Waiting for the loader',
    { loaderWaitShare: 'Share of the step' },
    { always: true, ...share },
  ),
  curve(
    'speed',
    'Mining while training',
    { refreshEmbeddingShare: 'Embedding, of the epoch', refreshMiningShare: 'Mining, of the epoch' },
    share,
  ),
  curve(
    'speed',
    'A refresh of the mined triplets',
    { embeddingSeconds: 'Embedding', miningSeconds: 'Mining' },
    { yLabel: 'seconds', withZero: true },
  ),
  curve(
    'method',
    'Mined triplets',
    {
      minedTripletShare: 'Share of a batch',
      minedActiveShare: 'Active when mined',
      solvedShare: 'Solved when mined again',
    },
    share,
  ),
  curve('method', 'Hardness of mined triplets', { minedHardness: 'Mean of d(a,p) − d(a,n)' }),
  curve(
    'method',
    'Rank of mined negatives',
    { negativeRank: 'Nearest that is drawn' },
    { yLabel: 'rank', withZero: true },
  ),
  curve(
    'method',
    'Steps between refreshes',
    { refreshInterval: 'Steps' },
    { yLabel: 'steps', withZero: true },
  ),
  curve('method', 'Active share', { activeShare: 'Terms above 0' }, share),
  curve('method', 'Mined share', { minedShare: 'Pairs that mining keeps' }, share),
  curve('method', 'Triplets in a batch', { triplets: 'Triplets' }, { yLabel: 'triplets', withZero: true }),
  curve(
    'method',
    'Parts of the loss',
    { crossEntropy: 'Cross-entropy', triplet: 'Triplet', centerTerm: 'Distance to the centres' },
    { withZero: true },
  ),
  curve('method', 'Accuracy in training', { trainingAccuracy: 'Images', pairAccuracy: 'Pairs' }, share),
  curve('method', 'Boundary β', { boundary: 'Mean boundary' }, { yLabel: 'distance' }),
  curve(
    'method',
    'Variance of squared distances',
    { positiveVariance: 'Same class', negativeVariance: 'Other classes' },
    { withZero: true },
  ),
  curve('method', 'Variance around the clusters', { variance: 'Variance' }, { withZero: true }),
  curve('method', 'NMI in a batch', { nmi: 'NMI' }, share),
  curve('method', 'Distinct centres a class', { distinctCenters: 'Distinct centres' }, { yLabel: 'centres' }),
  curve('method', 'Centres in use', { centerUtilization: 'Share of the centres' }, share),
  curve(
    'method',
    'Classes that touch',
    { touchingClasses: 'Pairs of classes' },
    { yLabel: 'pairs', withZero: true },
  ),
];

/** A chart for a value that nobody named. */
export const unknownCurve = (key: string): Curve => curve('method', words(key), { [key]: words(key) });
