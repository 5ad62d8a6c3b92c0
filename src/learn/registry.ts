import { arcFace } from './losses/classification/arcface.ts';
import { center } from './losses/classification/center.ts';
import { clustering } from './losses/structure/clustering.ts';
import { cosFace } from './losses/classification/cosface.ts';
import { circle } from './losses/pairs/circle.ts';
import { contrastive } from './losses/pairs/contrastive.ts';
import { global } from './losses/triplets/global.ts';
import { hardTriple } from './losses/centers/hard-triple.ts';
import { hierarchicalTriplet } from './losses/triplets/hierarchical-triplet.ts';
import { liftedStructure } from './losses/pairs/lifted-structure.ts';
import { margin } from './losses/triplets/margin.ts';
import { magnet } from './losses/structure/magnet.ts';
import type { Method } from './losses/method.ts';
import { multiSimilarity } from './losses/pairs/multi-similarity.ts';
import { nPairs } from './losses/pairs/n-pairs.ts';
import { normalizedSoftmax } from './losses/centers/normalized-softmax.ts';
import { proxyAnchor } from './losses/centers/proxy-anchor.ts';
import { proxyNca } from './losses/centers/proxy-nca.ts';
import { smartMining } from './losses/triplets/smart-mining.ts';
import { softTriple } from './losses/centers/soft-triple.ts';
import { subCenterArcFace } from './losses/classification/sub-center-arcface.ts';
import { tripletCenter } from './losses/centers/triplet-center.ts';
import { twoHead } from './losses/classification/two-head.ts';
import { tripletGlobal } from './losses/triplets/triplet-global.ts';
import { triplet } from './losses/triplets/triplet.ts';

export type { BuiltMethod, Method, MethodContext, MethodFacts } from './losses/method.ts';

/** Every method that a run may name. */
export const methods: readonly Method[] = [
  softTriple,
  hardTriple,
  normalizedSoftmax,
  proxyNca,
  proxyAnchor,
  arcFace,
  cosFace,
  subCenterArcFace,
  center,
  tripletCenter,
  twoHead,
  magnet,
  clustering,
  contrastive,
  liftedStructure,
  nPairs,
  multiSimilarity,
  circle,
  triplet,
  margin,
  hierarchicalTriplet,
  global,
  tripletGlobal,
  smartMining,
];

export const findMethod = (id: string): Method | undefined => methods.find((method) => method.id === id);
