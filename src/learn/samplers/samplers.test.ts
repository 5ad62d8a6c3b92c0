import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, shuffledIndices } from '../random/counter-random.ts';
import type { BatchSampler, SamplerSettings } from './batch-sampler.ts';
import { createSampler } from './create-sampler.ts';

type SamplerName = SamplerSettings['sampler'];

const NAMES: readonly SamplerName[] = [
  'shuffled',
  'per-class',
  'class-balanced',
  'hierarchical',
  'neighborhood',
  'mined-classes',
];
const GROUPED: readonly SamplerName[] = ['per-class', 'hierarchical', 'neighborhood', 'mined-classes'];

/** A training part and a batch that fits it. */
const setting = fc
  .record({
    sizes: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 2, maxLength: 14 }),
    imagesPerClass: fc.integer({ min: 2, max: 4 }),
    classesPerBatch: fc.integer({ min: 2, max: 14 }),
    seed: fc.nat(1000),
    known: fc.boolean(),
  })
  .map(({ classesPerBatch, ...rest }) => ({
    ...rest,
    batch: rest.imagesPerClass * Math.min(classesPerBatch, rest.sizes.length),
  }));
type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;

/** Labels in no order. */
function labelsOf({ sizes, seed }: Setting): Int32Array {
  const labels = sizes.flatMap((size, label) => new Array<number>(size).fill(label));
  return shuffledIndices(labels.length, createRandom(seed, 9)).map((i) => labels[i]!);
}

/** Some nearest classes for every class. */
function nearestOf({ sizes, seed }: Setting, epoch: number): Int32Array {
  const width = Math.min(3, sizes.length - 1);
  return Int32Array.from(
    sizes.flatMap((_, label) => [
      ...shuffledIndices(sizes.length, createRandom(seed, epoch, label))
        .filter((other) => other !== label)
        .subarray(0, width),
    ]),
  );
}

/** Asks as the loader does. */
function samplesAt(sampler: BatchSampler, given: Setting, step: number): number[] {
  const epoch = sampler.epochOf(step);
  if (sampler.usesNearestClasses) sampler.beginEpoch(epoch, given.known ? nearestOf(given, epoch) : null);
  return [...sampler.samplesOf(step)];
}

const create = (sampler: SamplerName, given: Setting): BatchSampler =>
  createSampler({ ...given, sampler }, labelsOf(given), given.seed);

function countsOf(values: Iterable<number>, length: number): number[] {
  const counts = new Array<number>(length).fill(0);
  for (const value of values) counts[value]! += 1;
  return counts;
}

const spreadOf = (counts: readonly number[]): number => Math.max(...counts) - Math.min(...counts);

describe.each(NAMES)('%s', (name) => {
  it('gives whole batches of samples, as many steps an epoch as the config plans', () => {
    fc.assert(
      fc.property(setting, fc.nat(40), (given, step) => {
        const sampler = create(name, given);
        const samples = labelsOf(given).length;
        expect(sampler.batch).toBe(name === 'shuffled' ? Math.min(samples, given.batch) : given.batch);
        expect(sampler.stepsPerEpoch).toBe(Math.max(1, Math.floor(samples / given.batch)));
        const got = samplesAt(sampler, given, step);
        expect(got).toHaveLength(sampler.batch);
        for (const sample of got) expect(sample >= 0 && sample < samples).toBe(true);
      }),
    );
  });

  it('is a function of seed and step, in any order of asking', () => {
    fc.assert(
      fc.property(setting, fc.array(fc.nat(30), { minLength: 1, maxLength: 6 }), (given, steps) => {
        const asked = create(name, given);
        const got = steps.map((step) => samplesAt(asked, given, step));
        expect(got).toEqual(steps.map((step) => samplesAt(create(name, given), given, step)));
      }),
    );
  });

  it('gives other batches with another seed and in another epoch', () => {
    const given: Setting = {
      sizes: new Array<number>(12).fill(8),
      imagesPerClass: 4,
      batch: 32,
      seed: 3,
      known: false,
    };
    const sampler = create(name, given);
    const first = samplesAt(sampler, given, 0);
    expect(samplesAt(sampler, given, sampler.stepsPerEpoch)).not.toEqual(first);
    const labels = labelsOf(given);
    const other = createSampler({ ...given, sampler: name }, labels, 4);
    expect(samplesAt(other, given, 0)).not.toEqual(first);
  });

  it('shows the images of a class equally often in an epoch', () => {
    fc.assert(
      fc.property(setting, fc.nat(3), (given, epoch) => {
        const sampler = create(name, given);
        const labels = labelsOf(given);
        const seen = countsOf(epochOf(sampler, given, epoch), labels.length);
        for (let label = 0; label < given.sizes.length; label++) {
          expect(spreadOf(seen.filter((_, sample) => labels[sample] === label))).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

function epochOf(sampler: BatchSampler, given: Setting, epoch: number): number[] {
  const first = epoch * sampler.stepsPerEpoch;
  return Array.from({ length: sampler.stepsPerEpoch }, (_, i) => samplesAt(sampler, given, first + i)).flat();
}

describe.each(GROUPED)('%s', (name) => {
  it('makes every batch of P classes with exactly K images each, all different where the class has so many', () => {
    fc.assert(
      fc.property(setting, fc.nat(30), (given, step) => {
        const labels = labelsOf(given);
        const samples = samplesAt(create(name, given), given, step);
        const counts = countsOf(
          samples.map((sample) => labels[sample]!),
          given.sizes.length,
        );
        const classes = counts.flatMap((count, label) => (count > 0 ? [label] : []));
        expect(classes).toHaveLength(given.batch / given.imagesPerClass);
        for (const label of classes) {
          expect(counts[label]).toBe(given.imagesPerClass);
          const distinct = new Set(samples.filter((sample) => labels[sample] === label)).size;
          expect(distinct).toBe(Math.min(given.sizes[label]!, given.imagesPerClass));
        }
      }),
    );
  });
});

describe('per-class', () => {
  it('shows classes in proportion to their images, as far as one place a step allows', () => {
    fc.assert(
      fc.property(setting, fc.nat(3), (given, epoch) => {
        const sampler = create('per-class', given);
        const labels = labelsOf(given);
        const seen = countsOf(
          epochOf(sampler, given, epoch).map((sample) => labels[sample]!),
          given.sizes.length,
        );
        const times = seen.map((count) => count / given.imagesPerClass);
        const steps = sampler.stepsPerEpoch;
        // Classes that do not come in every step share what is left by size, up to rounding.
        const free = given.sizes.map((_, label) => label).filter((label) => times[label]! < steps);
        const images = free.reduce((sum, label) => sum + given.sizes[label]!, 0);
        const places = free.reduce((sum, label) => sum + times[label]!, 0);
        for (const label of free) {
          expect(Math.abs(times[label]! - (places * given.sizes[label]!) / images)).toBeLessThan(2);
        }
      }),
    );
  });

  it('shows every image once an epoch where the classes divide into batches', () => {
    const given: Setting = {
      sizes: new Array<number>(16).fill(8),
      imagesPerClass: 4,
      batch: 32,
      seed: 1,
      known: false,
    };
    const sampler = create('per-class', given);
    expect([sampler.stepsPerEpoch, new Set(epochOf(sampler, given, 2)).size]).toEqual([4, 128]);
  });

  it('a class with most of the images comes in every batch and no batch has it twice', () => {
    const given: Setting = { sizes: [100, 6, 6, 6, 6], imagesPerClass: 2, batch: 4, seed: 5, known: false };
    const labels = labelsOf(given);
    const seen = countsOf(
      epochOf(create('per-class', given), given, 0).map((s) => labels[s]!),
      5,
    );
    expect(seen[0]).toBe(62);
    expect(Math.min(...seen.slice(1))).toBeGreaterThan(10);
  });
});

describe('class-balanced', () => {
  it('shows every class equally often in an epoch, and spreads a batch over all of them', () => {
    fc.assert(
      fc.property(setting, fc.nat(20), (given, step) => {
        const sampler = create('class-balanced', given);
        const labels = labelsOf(given);
        const classes = (samples: readonly number[]): number[] =>
          countsOf(
            samples.map((sample) => labels[sample]!),
            given.sizes.length,
          );
        expect(spreadOf(classes(epochOf(sampler, given, sampler.epochOf(step))))).toBeLessThanOrEqual(1);
        expect(spreadOf(classes(samplesAt(sampler, given, step)))).toBeLessThanOrEqual(2);
      }),
    );
  });
});

describe('with nearest classes', () => {
  // Sixteen classes on a line: the nearest of each are its neighbours.
  const sizes = new Array<number>(16).fill(8);
  const given: Setting = { sizes, imagesPerClass: 2, batch: 16, seed: 2, known: true };
  const labels = labelsOf(given);
  const line = Int32Array.from(
    sizes.flatMap((_, label) =>
      [...sizes.keys()]
        .filter((other) => other !== label)
        .sort((a, b) => Math.abs(a - label) - Math.abs(b - label) || a - b),
    ),
  );
  const classesAt = (name: SamplerName, step: number, nearest: Int32Array | null): number[] => {
    const sampler = create(name, given);
    sampler.beginEpoch(sampler.epochOf(step), nearest);
    return [...sampler.samplesOf(step)].filter((_, i) => i % 2 === 0).map((sample) => labels[sample]!);
  };
  /** Mean gap between classes that stand next to each other in a group of four. */
  const gapOf = (classes: readonly number[]): number => {
    const groups = [classes.slice(0, 4), classes.slice(4)];
    return groups.reduce((sum, group) => sum + spreadOf(group), 0) / 2;
  };

  it.each(['hierarchical', 'neighborhood'] as const)(
    '%s groups near classes; without them, random ones',
    (name) => {
      const steps = Array.from({ length: 8 }, (_, step) => step);
      const mean = (nearest: Int32Array | null): number =>
        steps.reduce((sum, step) => sum + gapOf(classesAt(name, step, nearest)), 0) / steps.length;
      expect(mean(line)).toBeLessThan(6);
      expect(mean(null)).toBeGreaterThan(7);
    },
  );

  it('neighborhood takes exactly the nearest classes of its anchors that the batch does not have', () => {
    for (let step = 0; step < 8; step++) {
      const classes = classesAt('neighborhood', step, line);
      const taken = new Set<number>();
      for (const group of [classes.slice(0, 4), classes.slice(4)]) {
        const anchor = group[0]!;
        expect(taken.has(anchor)).toBe(false);
        const near = [...line.subarray(anchor * 15, anchor * 15 + 15)].filter((label) => !taken.has(label));
        expect(group.slice(1)).toEqual(near.slice(0, 3));
        for (const label of group) taken.add(label);
      }
    }
  });

  it('hierarchical shows every class once before one comes again', () => {
    for (const first of [0, 2, 4, 6]) {
      const two = [...classesAt('hierarchical', first, line), ...classesAt('hierarchical', first + 1, line)];
      expect(new Set(two).size).toBe(16);
    }
  });

  it('neighborhood has every class for an anchor before one is it again', () => {
    const anchors = Array.from({ length: 8 }, (_, step) => classesAt('neighborhood', step, line)).flatMap(
      (c) => [c[0], c[4]],
    );
    expect(new Set(anchors).size).toBe(16);
  });

  it('refuses an epoch that was not begun', () => {
    const sampler = create('neighborhood', given);
    expect(() => sampler.samplesOf(0)).toThrow('beginEpoch');
    sampler.beginEpoch(0, line);
    sampler.samplesOf(7);
    expect(() => sampler.samplesOf(8)).toThrow('beginEpoch');
  });
});

it('refuses batches that cannot be made', () => {
  const labels = Int32Array.of(0, 0, 1, 1);
  const create =
    (batch: number, rows = labels) =>
    () =>
      createSampler({ sampler: 'per-class', imagesPerClass: 2, batch }, rows, 1);
  expect(create(5)).toThrow('not a multiple');
  expect(create(6)).toThrow('3 classes');
  expect(create(4, Int32Array.of(0, 2))).toThrow('class 1');
  expect(create(4, new Int32Array(0))).toThrow('nothing');
  expect(create(4)).not.toThrow();
});
