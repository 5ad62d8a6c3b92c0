import { expect, it } from 'vitest';
import { findBackbone } from '../backbones/catalog.ts';
import { trainingBytes } from './memory-estimate.ts';

/** Peak resident memory of a few training steps, in gigabytes, as measured. */
const MEASURED = [
  ['mobilenet-v2-0.35', 128, 32, true, 0.99],
  ['mobilenet-v2-0.35', 128, 32, false, 1.23],
  ['resnet18', 64, 32, true, 1.04],
  ['resnet18', 128, 32, true, 1.45],
  ['resnet50', 96, 16, true, 1.9],
  ['densenet121', 64, 32, true, 1.91],
  ['googlenet', 128, 32, true, 1.63],
  ['bn_inception', 128, 32, true, 2.06],
  ['inception_v3', 139, 16, false, 2.13],
] as const;

it.each(MEASURED)('%s at %i px, batch %i, frozen norms %s', (id, size, batch, freeze, gigabytes) => {
  const network = findBackbone(id)?.create() ?? expect.fail(id);
  const share = trainingBytes(network, batch, size, freeze) / (gigabytes * 1e9);
  expect(share).toBeGreaterThan(0.9);
  expect(share).toBeLessThan(1.15);
});
