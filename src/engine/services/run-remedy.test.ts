import { expect, test } from 'vitest';
import type { Checkpoint } from '#shared/domain/run.ts';
import type { TrainResult } from '#shared/worker/train.ts';
import { goodCheckpoint, remediedConfig, remedyFor, remedySentence } from './run-remedy.ts';

const change = { rateFactor: 0.3, clipNorm: 1, method: { mining: 'semi-hard' } };
const collapsed: TrainResult = {
  status: 'collapsed',
  reason: 'The embeddings have fallen into one point.',
  remedy: change,
  step: 120,
  epoch: 2,
  finalLoss: 0.2,
  bestValidation: 0.5,
  seconds: 9,
};
const config = {
  autoRemedy: true,
  backboneRate: 1,
  headRate: 10,
  clipNorm: 0,
  method: { mining: 'batch-hard', margin: 0.2 },
};
const checkpoint = (kind: Checkpoint['kind'], step: number): Checkpoint => ({
  kind,
  step,
  epoch: 1,
  file: 'a'.repeat(64),
  validation: null,
  at: 1,
});

test('a remedy changes rates, clipping and the method, and is written down', () => {
  expect(remedyFor(config, collapsed)).toBe(change);
  const mended = remediedConfig(config, change, collapsed);
  expect(mended).toMatchObject({
    backboneRate: 0.3,
    headRate: 3,
    clipNorm: 1,
    method: { mining: 'semi-hard', margin: 0.2 },
    remedies: [{ step: 120, reason: collapsed.reason, change }],
  });
  expect(remedySentence(change, checkpoint('best', 100))).toBe(
    'Mended by itself: rates times 0.3, gradients clipped to norm 1, mining semi-hard; it goes on from the checkpoint at step 100.',
  );
});

test('no remedy where none was asked for, none is known, the run ended well, or three did not help', () => {
  expect(remedyFor({ ...config, autoRemedy: false }, collapsed)).toBeNull();
  expect(remedyFor(config, { ...collapsed, remedy: null })).toBeNull();
  expect(remedyFor(config, { ...collapsed, status: 'done' })).toBeNull();
  const often = [1, 2, 3].reduce<Readonly<Record<string, unknown>>>(
    (before) => remediedConfig(before, change, collapsed),
    config,
  );
  expect(remedyFor(often, collapsed)).toBeNull();
});

test('a collapsed run goes back to its best checkpoint, a diverged one to its last', () => {
  const kept = [checkpoint('last', 200), checkpoint('best', 100)];
  expect(goodCheckpoint(kept, 'collapsed')?.step).toBe(100);
  expect(goodCheckpoint(kept, 'diverged')?.step).toBe(200);
  expect(goodCheckpoint([checkpoint('last', 200)], 'collapsed')).toBeUndefined();
});
