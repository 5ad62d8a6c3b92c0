import type { PublishedRow } from './evaluation.ts';

/** A benchmark of the field, the names that datasets of it go by, and what papers print for it. */
export interface PublishedTable {
  readonly dataset: string;
  /** Of a dataset's name in lower case, letters and digits only. */
  readonly names: RegExp;
  readonly rows: readonly PublishedRow[];
}

type Printed = readonly [
  method: string,
  dim: number | null,
  percents: readonly number[],
  nmi?: number,
  backbone?: string,
];

const table = (
  dataset: string,
  names: RegExp,
  ranks: readonly number[],
  printed: readonly Printed[],
): PublishedTable => ({
  dataset,
  names,
  rows: printed.map(([method, dim, percents, nmi, backbone]) => ({
    method,
    dim,
    backbone: backbone ?? null,
    scores: {
      ...Object.fromEntries(percents.map((percent, i) => [`recall@${ranks[i]!}`, share(percent)])),
      ...(nmi !== undefined && { nmi: share(nmi) }),
    },
  })),
});

/** Papers print percent with one decimal or two. */
const share = (percent: number): number => Math.round(percent * 100) / 10_000;

/** Top-1 accuracies of the two heads ("ranking regulariser", Taha et al., 2020) with ResNet-50 on official splits. */
const twoHeads = (
  dataset: string,
  names: RegExp,
  top1: readonly [softmax: number, center: number, semiHard: number, hard: number],
) => ({
  dataset,
  names,
  rows: ['softmax', 'two heads, centre loss', 'two heads, semi-hard', 'two heads, hard'].map((method, i) => ({
    method,
    dim: null,
    backbone: 'ResNet-50',
    scores: { 'top-1': share(top1[i]!) },
  })),
});

const [EIGHT, SOP] = [
  [1, 2, 4, 8],
  [1, 10, 100],
];

/**
 * Rows as the papers print them: retrieval on the second half of the classes. They are beside ours to read, not measured
 * here: other weights to start from, other crops and other programs.
 */
export const PUBLISHED: readonly PublishedTable[] = [
  table('CUB-200-2011', /cub(200)?/, EIGHT, [
    ['Semi-hard triplet', 64, [42.6, 55.0, 66.4, 77.2], 55.4],
    ['Lifted structure', 64, [43.6, 56.6, 68.6, 79.6], 56.5],
    ['Clustering', 64, [48.2, 61.4, 71.8, 81.9], 59.2],
    ['N-pairs', 64, [51.0, 63.3, 74.3, 83.2], 60.4],
    ['ProxyNCA', 64, [49.2, 61.9, 67.9, 72.4], 59.5],
    ['Smart Mining', 64, [49.8, 62.3, 74.1, 83.3], 59.9, 'GoogLeNet'],
    ['SoftMax_norm', 64, [57.8, 70.0, 80.1, 87.9], 65.3],
    ['SoftTriple', 64, [60.1, 71.9, 81.2, 88.5], 66.2],
    ['Proxy-Anchor', 64, [61.7, 73.0, 81.8, 88.8]],
    ['HTL', 512, [57.1, 68.8, 78.7, 86.5]],
    ['SoftTriple', 512, [65.4, 76.4, 84.5, 90.4]],
    ['Proxy-Anchor', 512, [68.4, 79.2, 86.8, 91.6]],
  ]),
  table('Cars196', /cars196|stanfordcars/, EIGHT, [
    ['Clustering', 64, [58.1, 70.6, 80.3, 87.8]],
    ['ProxyNCA', 64, [73.2, 82.4, 86.4, 87.8]],
    ['Smart Mining', 64, [64.7, 76.2, 84.2, 90.2], 59.5],
    ['SoftTriple', 64, [78.6, 86.6, 91.8, 95.4]],
    ['Proxy-Anchor', 64, [78.8, 87.0, 92.2, 95.5]],
    ['HTL', 512, [81.4, 88.0, 92.7, 95.7]],
    ['SoftTriple', 512, [84.5, 90.7, 94.5, 96.9]],
  ]),
  table('Stanford Online Products', /^sop|stanfordonlineproducts/, SOP, [
    ['Clustering', 64, [67.0, 83.7, 93.2]],
    ['ProxyNCA', 64, [73.7]],
    ['SoftTriple, K 2', 64, [76.3, 89.1, 95.3]],
    ['SoftTriple', 512, [78.3, 90.3, 95.9]],
    ['HTL', 512, [74.8, 88.3, 94.8]],
  ]),
  twoHeads('Cars196', /cars196|stanfordcars/, [85.85, 88.23, 88.22, 89.44]),
  twoHeads('Flowers-102', /flowers(102)?/, [85.68, 85.0, 85.52, 86.61]),
  twoHeads('Stanford Dogs', /stanforddogs/, [69.76, 70.45, 70.69, 72.7]),
  twoHeads('FGVC-Aircraft', /aircraft/, [83.22, 84.48, 85.08, 87.33]),
  twoHeads('NABirds', /nabirds/, [64.23, 65.5, 65.2, 66.19]),
];

/** What is published for a dataset, by its name or that of a preset; null where nothing matches. */
export function publishedFor(...names: readonly string[]): { dataset: string; rows: PublishedRow[] } | null {
  const plain = names.map((name) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
  const found = PUBLISHED.filter(({ names: pattern }) => plain.some((name) => pattern.test(name)));
  const [first] = found;
  return first === undefined ? null : { dataset: first.dataset, rows: found.flatMap(({ rows }) => rows) };
}
