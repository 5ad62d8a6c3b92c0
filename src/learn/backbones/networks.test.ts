import { describe, expect, it } from 'vitest';
import { weightShapes } from '../models/weights.ts';
import { backbones, findBackbone } from './catalog.ts';
import { weightedLayers } from './network.ts';
import { lastSide } from './shapes.ts';

/** Trained numbers as the networks' publishers count them, with a classifier of 1000 classes where there is one. */
const PUBLISHED: Readonly<Record<string, number>> = {
  googlenet: 6_624_904,
  resnet18: 11_689_512,
  resnet34: 21_797_672,
  resnet50: 25_557_032,
  resnet101: 44_549_160,
  densenet121: 7_978_856,
  densenet161: 28_681_000,
  densenet169: 14_149_480,
  inception_v4: 42_679_816,
  mobilenetv1_100: 4_231_976,
  mobilenetv2_100: 3_504_872,
  efficientnet_lite0: 4_652_008,
  tf_efficientnet_lite0: 4_652_008,
};

/** Of all numbers, running statistics with them, without a classifier. */
const KERAS: Readonly<Record<string, number>> = {
  'mobilenet-v1-0.25': 218_544,
  'mobilenet-v1-1.0': 3_228_864,
  'mobilenet-v2-0.35': 410_208,
  'mobilenet-v2-1.0': 2_257_984,
};

const numbersOf = (id: string, of: 'trained' | 'all'): number => {
  const info = findBackbone(id);
  if (!info) throw new Error(`no backbone ${id}`);
  return weightShapes(info.create())
    .filter(({ trained }) => trained || of === 'all')
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
};

describe('networks of the catalogue', () => {
  it.each(Object.entries(PUBLISHED))('%s has the published number of parameters', (id, published) => {
    const classifier = ((findBackbone(id)?.featureDim ?? 0) + 1) * 1000;
    expect(numbersOf(id, 'trained') + classifier).toBe(published);
  });

  it.each(Object.entries(KERAS))('%s has the published number of numbers', (id, published) => {
    expect(numbersOf(id, 'all')).toBe(published);
  });

  it.each(backbones)('$id is what its entry says', ({ create, featureDim, size, sizes }) => {
    const network = create();
    expect(network.featureDim).toBe(featureDim);
    expect(size % sizes.multipleOf).toBe(0);
    const names = weightShapes(network).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(weightedLayers(network).length).toBeGreaterThan(10);
  });

  it.each(backbones)('$id leaves a place of its smallest image', ({ create, sizes }) => {
    const { height, width } = lastSide(create(), sizes.min);
    expect(height).toBeGreaterThanOrEqual(1);
    expect(width).toBe(height);
  });

  it('follows sides through layers that halve them', () => {
    const side = (id: string, size: number): number =>
      lastSide(findBackbone(id)?.create() ?? expect.fail(id), size).height;
    expect(side('resnet18', 224)).toBe(7);
    expect(side('bn_inception', 224)).toBe(7);
    expect(side('googlenet', 224)).toBe(7);
    expect(side('inception_v3', 299)).toBe(8);
    expect(side('inception_v4', 299)).toBe(8);
    expect(side('mobilenet-v2-0.35', 160)).toBe(5);
  });

  it('joins branches of the same side only', () => {
    for (const { create, sizes, size } of backbones) {
      const sides = new Map<number, number>();
      lastSide(create(), size, (layer, { height, width }) => {
        expect(height).toBe(width);
        if (layer.kind === 'concat') sides.set(height, (sides.get(height) ?? 0) + 1);
      });
      expect(sizes.min).toBeLessThanOrEqual(size);
    }
  });
});
