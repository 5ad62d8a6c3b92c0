import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, shuffledIndices } from '../random/counter-random.ts';
import { createSampler } from './create-sampler.ts';
import { nearestClassesOfMined } from './mined-neighbors.ts';
import type { MinedSet } from './mined-set.ts';
import { RandomTriplets } from './random-triplets.ts';

/** A labelled set that has triplets. */
const labelled = fc
  .record({
    sizes: fc
      .array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 8 })
      .filter((sizes) => sizes.some((size) => size > 1)),
    seed: fc.nat(1000),
  })
  .map(({ sizes, seed }) => {
    const labels = sizes.flatMap((size, label) => new Array<number>(size).fill(label));
    const order = shuffledIndices(labels.length, createRandom(seed, 9));
    return { seed, labels: order.map((i) => labels[i]!) };
  });

/** Every anchor once, with some positive and negative. */
function minedOf(labels: Int32Array, seed: number, share: number, from = 0): MinedSet {
  const random = createRandom(seed, 5);
  const draws = new RandomTriplets(labels);
  const rows = new Map<number, [number, number]>();
  for (let i = 0; i < 500; i++) {
    const triplet = new Int32Array(3);
    draws.draw(random, triplet, 0);
    rows.set(triplet[0]!, [triplet[1]!, triplet[2]!]);
  }
  const all = [...rows];
  return {
    anchors: Int32Array.from(all, ([anchor]) => anchor),
    positives: Int32Array.from(all, ([, [positive]]) => positive),
    negatives: Int32Array.from(all, ([, [, negative]]) => negative),
    share,
    from,
  };
}

const create = (labels: Int32Array, batch: number, seed: number) =>
  createSampler({ sampler: 'mined', imagesPerClass: 4, batch }, labels, seed);

function triplets(samples: Int32Array): number[][] {
  return Array.from({ length: samples.length / 3 }, (_, i) => [...samples.subarray(3 * i, 3 * i + 3)]);
}

describe('batches of mined triplets', () => {
  it('hold whole triplets: anchor, another of its class, one of another class', () => {
    fc.assert(
      fc.property(
        labelled,
        fc.integer({ min: 3, max: 40 }),
        fc.nat(20),
        fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
        ({ labels, seed }, batch, step, share) => {
          const sampler = create(labels, batch, seed);
          sampler.beginEpoch(
            sampler.epochOf(step),
            null,
            share === null ? null : minedOf(labels, seed, share),
          );
          const samples = sampler.samplesOf(step);
          expect(samples).toHaveLength(batch - (batch % 3));
          expect(sampler.stepsPerEpoch).toBe(Math.max(1, Math.floor(labels.length / batch)));
          for (const [anchor, positive, negative] of triplets(samples) as [number, number, number][]) {
            expect(positive).not.toBe(anchor);
            expect(labels[positive]).toBe(labels[anchor]);
            expect(labels[negative]).not.toBe(labels[anchor]);
          }
        },
      ),
    );
  });

  it('are a function of seed, step and mined set, in any order of asking, also by a sampler made later', () => {
    fc.assert(
      fc.property(
        labelled,
        fc.array(fc.nat(30), { minLength: 1, maxLength: 6 }),
        ({ labels, seed }, steps) => {
          const ask = (sampler: ReturnType<typeof create>, step: number) => {
            sampler.beginEpoch(sampler.epochOf(step), null, minedOf(labels, seed, 0.6, 2));
            return [...sampler.samplesOf(step)];
          };
          const one = create(labels, 12, seed);
          const got = steps.map((step) => ask(one, step));
          expect(got).toEqual(steps.map((step) => ask(create(labels, 12, seed), step)));
        },
      ),
    );
  });

  it('bring every mined triplet once before one comes again, counted from the step they were mined at', () => {
    const labels = Int32Array.from({ length: 40 }, (_, i) => i % 5);
    const mined = minedOf(labels, 3, 1, 7);
    expect(mined.anchors).toHaveLength(40);
    const sampler = create(labels, 24, 3);
    const seen = new Map<number, number>();
    for (let step = 7; step < 7 + 10; step++) {
      sampler.beginEpoch(sampler.epochOf(step), null, mined);
      for (const [anchor] of triplets(sampler.samplesOf(step)))
        seen.set(anchor!, (seen.get(anchor!) ?? 0) + 1);
    }
    expect([...seen.values()]).toEqual(new Array<number>(40).fill(2));
  });

  it('keep the share on the mean, also where it leaves a part of a triplet', () => {
    const labels = Int32Array.from({ length: 60 }, (_, i) => i % 6);
    const all = minedOf(labels, 3, 0.43);
    const known = new Set(Array.from(all.anchors, (a, i) => [a, all.positives[i], all.negatives[i]].join()));
    const sampler = create(labels, 9, 3);
    const random = create(labels, 9, 3);
    let [mined, byChance] = [0, 0];
    for (let step = 0; step < 400; step++) {
      sampler.beginEpoch(sampler.epochOf(step), null, all);
      random.beginEpoch(random.epochOf(step), null, null);
      mined += triplets(sampler.samplesOf(step)).filter((triplet) => known.has(triplet.join())).length;
      byChance += triplets(random.samplesOf(step)).filter((triplet) => known.has(triplet.join())).length;
    }
    expect(byChance / 1200).toBeLessThan(0.02);
    expect(mined / 1200).toBeCloseTo(0.43, 1);
  });

  it('are refused where nothing can be made', () => {
    expect(() => create(Int32Array.of(0, 0, 0), 9, 1)).toThrow('one class only');
    expect(() => create(Int32Array.of(0, 1, 2), 9, 1)).toThrow('no class has two samples');
    expect(() => create(Int32Array.of(0, 0, 1), 2, 1)).toThrow('no room');
    expect(() => create(Int32Array.of(0, 0, 1), 3, 1).samplesOf(0)).toThrow('beginEpoch');
  });
});

it('random triplets: each anchor, positive and negative equally often', () => {
  const labels = Int32Array.of(0, 1, 0, 2, 1, 0);
  const draws = new RandomTriplets(labels);
  const random = createRandom(4);
  const counts = new Map<string, number>();
  const drawn = 40_000;
  for (let i = 0; i < drawn; i++) {
    const triplet = new Int32Array(3);
    draws.draw(random, triplet, 0);
    counts.set(triplet.join(), (counts.get(triplet.join()) ?? 0) + 1);
  }
  // Anchors 0, 2, 5: 2 positives, 3 negatives; anchors 1, 4: 1 positive, 4 negatives.
  expect(counts.size).toBe(3 * 2 * 3 + 2 * 4);
  for (const [triplet, count] of counts) {
    const of = labels[Number(triplet[0])] === 0 ? 5 * 2 * 3 : 5 * 4;
    expect(Math.abs(count / drawn - 1 / of)).toBeLessThan(0.006);
  }
});

it('classes are near by how often they are each other’s negatives, equals by number', () => {
  const labels = Int32Array.of(0, 0, 1, 1, 2, 2, 3, 3);
  const mined = { anchors: Int32Array.of(0, 0, 1, 2, 3, 6), negatives: Int32Array.of(4, 5, 2, 6, 4, 0) };
  expect([...nearestClassesOfMined(mined, labels, 4, 5)]).toEqual([2, 1, 2, 3, -1, -1, 0, -1]);
  expect([...nearestClassesOfMined(mined, labels, 4, 1)]).toEqual([2, 2, -1, 0]);
  expect(
    nearestClassesOfMined({ anchors: new Int32Array(), negatives: new Int32Array() }, labels, 4, 3),
  ).toHaveLength(0);
});
