import { z } from 'zod';

const group = 'views';

/** What is cut out of an image, in training and in validation. */
export const viewsSettings = {
  size: z.int().min(32).max(512).default(128).meta({
    group,
    title: 'Image size',
    description:
      'Side in pixels: a multiple of 32, or at least 75 for Inception-v3 and v4. Larger sees more and takes longer.',
  }),
  evaluationResize: z.int().min(0).max(1024).default(0).meta({
    group,
    title: 'Resize before the centre crop',
    description:
      'Shorter side in pixels before the centre is cut out for validation and embedding; 0 for the image size.',
    zero: 'image size',
  }),
  cropScaleMin: z.number().gt(0).max(1).default(0.5).meta({
    group,
    title: 'Smallest crop',
    description: 'Least share of an image’s area that a random crop keeps.',
  }),
  flip: z.boolean().default(false).meta({
    group,
    title: 'Flip',
    description: 'Mirror images at random. Wrong where left and right matter.',
  }),
};
