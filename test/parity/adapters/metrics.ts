import { bootstrapMacro } from '#learn/metrics/bootstrap.ts';
import {
  adjustedMutualInformation,
  homogeneityAndCompleteness,
  mutualInformation,
  normalizedMutualInformation,
} from '#learn/metrics/clustering-agreement.ts';
import { classificationScores, topKAccuracy } from '#learn/metrics/classification.ts';
import { contingency } from '#learn/metrics/contingency.ts';
import { kMeans, lloyd } from '#learn/metrics/k-means.ts';
import { adjustedRandIndex, pairScores, purity } from '#learn/metrics/pair-counting.ts';
import {
  averagePrecision,
  averagePrecisionAtR,
  firstHitRank,
  rPrecision,
  recallAtK,
} from '#learn/metrics/retrieval.ts';
import { VectorSpace } from '#learn/space/vector-space.ts';
import { ExactIndex, collectNeighbors } from '#search/exact.ts';
import { openParityBackend } from '../backend.ts';
import {
  type Adapter,
  type Check,
  type ParityCase,
  check,
  chosen,
  exact,
  flagOf,
  numberOf,
  tensorOf,
} from '../case.ts';
import { tableOf } from './tables.ts';

const DOUBLE = ['float64'];
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Scores of whole lists: all other images are neighbours. */
export const compareRetrieval: Adapter = async (example) => {
  await openParityBackend();
  const { inputs, params, expected } = example;
  const metric = chosen(params, 'metric', { euclidean: 'euclidean' as const, cosine: 'cosine' as const });
  const alone = inputs['embeddings'] !== undefined;
  if (flagOf(params, 'selfExcluded', alone) !== alone)
    throw new RangeError('queries leave themselves out where they are the gallery, and only there');
  const base = new VectorSpace(tableOf(inputs['embeddings'] ?? inputs['galleryEmbeddings']!), metric);
  const queries = alone ? base : new VectorSpace(tableOf(inputs['queryEmbeddings']!), metric, base);
  const labels = (inputs['labels'] ?? inputs['galleryLabels']!).data;
  const ownLabels = (inputs['labels'] ?? inputs['queryLabels']!).data;
  const index = await ExactIndex.build(base);
  const { k, indices } = await collectNeighbors(index.search(queries, base.rows));
  index.dispose();
  const lists = ownLabels.map((_, q) => indices.subarray(q * k, (q + 1) * k));
  const hits = lists.map((list, q) => Uint8Array.from(list, (j) => (labels[j] === ownLabels[q] ? 1 : 0)));
  const relevant = hits.map((list) => list.reduce((sum, hit) => sum + hit, 0));
  const counted = [...hits.keys()].filter((q) => relevant[q]! > 0);
  const checks: Check[] = [];
  const number = (name: string, values: readonly number[]): void => {
    const want = expected[name];
    if (typeof want === 'number') checks.push(check(name, [mean(values)], [want], example, DOUBLE));
  };
  number(
    'rPrecision',
    counted.map((q) => rPrecision(hits[q]!, relevant[q]!)),
  );
  number(
    'mapAtR',
    counted.map((q) => averagePrecisionAtR(hits[q]!, relevant[q]!)),
  );
  number(
    'map',
    counted.map((q) => averagePrecision(hits[q]!, relevant[q]!)),
  );
  number(
    'mrr',
    counted.map((q) => 1 / firstHitRank(hits[q]!)),
  );
  number(
    'precisionAt1',
    counted.map((q) => recallAtK(hits[q]!, 1)),
  );
  if (typeof expected['precisionAt1PerClassMean'] === 'number') {
    const first = counted.map((q) => recallAtK(hits[q]!, 1));
    const own = counted.map((q) => ownLabels[q]!);
    const macro = bootstrapMacro(first, own, { samples: 2, seed: 0 }).value;
    checks.push(
      check('precisionAt1PerClassMean', [macro], [expected['precisionAt1PerClassMean']], example, DOUBLE),
    );
  }
  checks.push(exact('queriesWithPositive', [counted.length], [numberOf(expected['queriesWithPositive'])]));
  checks.push(exact('firstCorrectRank', hits.map(firstHitRank), tensorOf(expected['firstCorrectRank']).data));
  if (expected['top4'] !== undefined) {
    checks.push(
      exact(
        'top4',
        lists.flatMap((list) => Array.from(list.subarray(0, 4))),
        tensorOf(expected['top4']).data,
      ),
    );
  }
  const named = Object.keys(expected['recall'] as object).map(Number);
  checks.push(exact('ks', named, [...(params['ks'] as number[])]));
  for (const [at, want] of Object.entries(expected['recallAllQueries'] as Record<string, number>)) {
    checks.push(
      check(
        `recallAllQueries@${at}`,
        [mean(hits.map((list) => recallAtK(list, Number(at))))],
        [want],
        example,
        DOUBLE,
      ),
    );
  }
  for (const [at, want] of Object.entries(expected['recall'] as Record<string, number | null>)) {
    if (want === null) checks.push(exact(`recall@${at} has no queries`, [counted.length], [0]));
    else
      checks.push(
        check(
          `recall@${at}`,
          [mean(counted.map((q) => recallAtK(hits[q]!, Number(at))))],
          [want],
          example,
          DOUBLE,
        ),
      );
  }
  return checks;
};

export const compareAgreement: Adapter = async (example) => {
  const table = contingency(example.inputs['labels']!.data, example.inputs['clusters']!.data);
  const pairs = pairScores(table);
  const scores: Record<string, number> = {
    nmi_arithmetic: normalizedMutualInformation(table, 'arithmetic'),
    nmi_geometric: normalizedMutualInformation(table, 'geometric'),
    nmi_min: normalizedMutualInformation(table, 'min'),
    nmi_max: normalizedMutualInformation(table, 'max'),
    vMeasure: normalizedMutualInformation(table, 'arithmetic'),
    ...homogeneityAndCompleteness(table),
    adjustedRand: adjustedRandIndex(table),
    pairPrecision: pairs.precision,
    pairRecall: pairs.recall,
    pairF1: pairs.f1,
    purity: purity(table),
    ami_arithmetic: adjustedMutualInformation(table, 'arithmetic'),
    ami_geometric: adjustedMutualInformation(table, 'geometric'),
    mutualInformation: mutualInformation(table),
  };
  return Object.entries(example.expected).flatMap(([name, want]) =>
    want === null ? [] : [check(name, [scores[name] ?? Number.NaN], [numberOf(want)], example, DOUBLE)],
  );
};

export const compareKMeans: Adapter = async (example) => {
  await openParityBackend();
  const { params, inputs, expected } = example;
  const points = tableOf(inputs['points']!);
  const k = numberOf(params['K']);
  if (params['task'] === 'kmeans-any-start') return anyStart(example, k);
  const start = Float64Array.from(inputs['initialCentroids']!.data);
  const found = await lloyd(new VectorSpace(points, 'euclidean'), start, k, {
    maxIterations: numberOf(params['iterations']),
  });
  return [
    check('centroids', found.centroids, tensorOf(expected['centroids']).data, example, DOUBLE),
    exact('assignment', found.assignment, tensorOf(expected['assignment']).data),
    check('inertia', [found.inertia], [numberOf(expected['inertia'])], example, DOUBLE),
  ];
};

async function anyStart({ params, inputs, expected }: ParityCase, k: number): Promise<Check[]> {
  const { inertia } = await kMeans(tableOf(inputs['points']!), k, {
    seed: 1,
    restarts: numberOf(params['restarts']),
  });
  const low = numberOf(expected['inertiaLower']);
  const high = numberOf(expected['inertiaUpper']);
  return [
    {
      what: 'inertia between the bounds',
      got: [inertia],
      want: [(low + high) / 2],
      abs: (high - low) / 2,
      rel: 0,
    },
  ];
}

export const compareClassification: Adapter = async (example) => {
  const { inputs, params, expected } = example;
  const classes = numberOf(params['classes']);
  const logits = inputs['logits']!.data;
  const labels = inputs['labels']!.data;
  const { micro, macro, macroF1, confusion } = classificationScores(logits, labels, classes);
  const number = (name: string, got: number): Check =>
    check(name, [got], [numberOf(expected[name])], example, DOUBLE);
  return [
    number('micro', micro),
    number('macro', macro),
    number('macroF1', macroF1),
    number('top5', topKAccuracy(logits, labels, classes, 5)),
    exact('confusion', confusion, tensorOf(expected['confusion']).data),
  ];
};
