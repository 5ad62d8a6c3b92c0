import { arcFace } from './losses/arcface.ts';
import { center } from './losses/center.ts';
import { clustering } from './losses/clustering.ts';
import { cosFace } from './losses/cosface.ts';
import { circle } from './losses/circle.ts';
import { contrastive } from './losses/contrastive.ts';
import { global } from './losses/global.ts';
import { hardTriple } from './losses/hard-triple.ts';
import { hierarchicalTriplet } from './losses/hierarchical-triplet.ts';
import { liftedStructure } from './losses/lifted-structure.ts';
import { margin } from './losses/margin.ts';
import { magnet } from './losses/magnet.ts';
import type { Method } from './losses/method.ts';
import { multiSimilarity } from './losses/multi-similarity.ts';
import { nPairs } from './losses/n-pairs.ts';
import { normalizedSoftmax } from './losses/normalized-softmax.ts';
import { proxyAnchor } from './losses/proxy-anchor.ts';
import { proxyNca } from './losses/proxy-nca.ts';
import { softTriple } from './losses/soft-triple.ts';
import { subCenterArcFace } from './losses/sub-center-arcface.ts';
import { tripletCenter } from './losses/triplet-center.ts';
import { twoHead } from './losses/two-head.ts';
import { tripletGlobal } from './losses/triplet-global.ts';
import { triplet } from './losses/triplet.ts';

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
];

export const findMethod = (id: string): Method | undefined => methods.find((method) => method.id === id);
