import { z } from 'zod';

/** Settings that SoftTriple and its special cases share, each with the form's words. */
export const scale = z.number().gt(0).max(1000).default(20).meta({
  title: 'Scale (λ)',
  description: 'Sharpness of the softmax over classes. Higher separates harder; far above 100 overflows.',
});

export const margin = z.number().min(0).max(2).default(0.01).meta({
  title: 'Margin (δ)',
  description: 'How much nearer the own class must be than every other, in similarity.',
});

export const centersPerClass = z.int().min(1).max(100).default(10).meta({
  title: 'Centres per class (K)',
  description: 'How many looks a class may have. Keep it below the images a class has.',
});

export const centerTemperature = z.number().gt(0).max(10).default(0.1).meta({
  title: 'Centre temperature (γ)',
  description: 'How softly a sample is shared among its class’s centres.',
});

export const regularizerWeight = z.number().min(0).max(100).default(0.2).meta({
  title: 'Regulariser (τ)',
  description: 'Pulls centres of one class together, so that superfluous ones merge.',
});

/** A K that nobody chose is lowered to what the smallest class can fill. */
export function fitCentersPerClass(
  centers: number,
  facts: { readonly minImagesPerClass: number },
): { field: 'centersPerClass'; value: number; message: string }[] {
  if (checkCentersPerClass(centers, facts).length === 0) return [];
  const value = Math.max(1, facts.minImagesPerClass - 1);
  const message = `The smallest class has ${String(facts.minImagesPerClass)} training images: centersPerClass is ${String(value)} instead of ${String(centers)}. Set it yourself for another.`;
  return [{ field: 'centersPerClass', value, message }];
}

/** K must stay below the images of the smallest class, or centres have nothing to stand for. */
export function checkCentersPerClass(
  centers: number,
  facts: { readonly minImagesPerClass: number },
): { field: string; message: string }[] {
  if (centers === 1 || centers < facts.minImagesPerClass) return [];
  const images = facts.minImagesPerClass;
  const message =
    images < 2
      ? 'The smallest class has one training image, so more than one centre a class has nothing to stand for: set centersPerClass to 1, or leave such classes out of the split.'
      : `There are ${String(centers)} centres for each class, but the smallest class has ${String(images)} training images: set centersPerClass to ${String(images - 1)} or less.`;
  return [{ field: 'centersPerClass', message }];
}
