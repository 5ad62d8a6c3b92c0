import type { Adapter } from '../case.ts';
import { BACKBONE_TOPICS, compareBackbone } from './backbones.ts';
import { compareAgreement, compareClassification, compareKMeans, compareRetrieval } from './metrics.ts';
import { compareImages } from './images.ts';
import { compareHardTriple, compareNormalizedSoftmax, compareSoftTriple } from './losses.ts';
import {
  compareCenters,
  compareMarginSoftmax,
  compareProxyAnchor,
  compareProxyNca,
} from './losses-centers.ts';
import { compareClustering, compareMagnet, compareTwoHead } from './losses-structure.ts';
import { compareBatchMiner, compareDistanceWeights } from './batch-miners.ts';
import {
  compareCircle,
  compareContrastive,
  compareLiftedStructure,
  compareMargin,
  compareMultiSimilarity,
  compareNPairs,
  compareTriplet,
} from './losses-pairs.ts';
import { compareGlobal } from './losses-global.ts';
import { compareHierarchicalTriplet } from './losses-tree.ts';
import { compareSmartMining } from './miners.ts';
import { compareFlatSearch, compareSmallSearch } from './neighbors.ts';
import { compareOptimizer, compareSchedule } from './optimizers.ts';
import { compareTrajectory } from './trajectories.ts';

/** Which of our functions answers for which topic. A topic that is not here has no implementation yet. */
export const ADAPTERS: Readonly<Record<string, Adapter>> = {
  'losses/softtriple': compareSoftTriple,
  'losses/hardtriple': compareHardTriple,
  'losses/normalized_softmax': compareNormalizedSoftmax,
  'losses/proxy_nca': compareProxyNca,
  'losses/proxy_anchor': compareProxyAnchor,
  'losses/margin_softmax': compareMarginSoftmax,
  'losses/center': compareCenters,
  'losses/magnet': compareMagnet,
  'losses/clustering': compareClustering,
  'losses/two_head': compareTwoHead,
  'losses/contrastive': compareContrastive,
  'losses/triplet': compareTriplet,
  'losses/lifted_structure': compareLiftedStructure,
  'losses/npairs': compareNPairs,
  'losses/margin': compareMargin,
  'losses/multi_similarity': compareMultiSimilarity,
  'losses/circle': compareCircle,
  'losses/global': compareGlobal,
  'losses/hierarchical_triplet': compareHierarchicalTriplet,
  'metrics/retrieval': compareRetrieval,
  'metrics/retrieval_large_k': compareRetrieval,
  'metrics/clustering_agreement': compareAgreement,
  'metrics/kmeans': compareKMeans,
  'metrics/classification': compareClassification,
  'knn/flat': compareFlatSearch,
  'knn/small': compareSmallSearch,
  'miners/batch_miners': compareBatchMiner,
  'miners/distance_weighted': compareDistanceWeights,
  'miners/smart_small': compareSmartMining,
  'miners/smart_large': compareSmartMining,
  'optim/schedules': compareSchedule,
  'optim/optimizers': compareOptimizer,
  'trajectory/runs': compareTrajectory,
  ...Object.fromEntries(BACKBONE_TOPICS.map((topic) => [topic, compareBackbone])),
  'images/resize': compareImages,
  'images/centre_crop': compareImages,
  'images/random_resized_crop': compareImages,
  'images/pipelines': compareImages,
};

/** Why a topic has no adapter. */
export const reasonWithout = (topic: string): string => `no function of ours answers for ${topic}`;
