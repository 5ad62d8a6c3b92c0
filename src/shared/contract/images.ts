import { z } from 'zod';
import { ImageDetail, ImageRow } from '../domain/dataset.ts';
import { ClassId, ImageId, Ref } from '../domain/ids.ts';
import { PartName } from '../domain/split.ts';
import { type ContractPart, call } from './definition.ts';

export const ImageFilter = z.strictObject({
  classIds: z.array(ClassId).max(20_000).optional(),
  /** Words that path, class name or a tag must contain. */
  search: z.string().max(200).optional(),
  tags: z.array(z.string().max(80)).max(50).optional(),
  excluded: z.enum(['show', 'hide', 'only']).default('show'),
  part: z.strictObject({ split: Ref, part: PartName }).optional(),
  duplicates: z.enum(['any', 'exact', 'near']).optional(),
});
export type ImageFilter = z.input<typeof ImageFilter>;

export const ImageSort = z.enum(['class', 'path', 'newest', 'size']);

const QueryId = z.string().max(60);

export const images = {
  calls: {
    /** Fixes an ordered result in the engine; the window then reads slices of it. Forgotten least recently used first. */
    query: call({
      input: z.strictObject({
        dataset: Ref,
        filter: ImageFilter.prefault({}),
        sort: ImageSort.default('class'),
        descending: z.boolean().default(false),
      }),
      output: z.object({ queryId: QueryId, count: z.int(), revision: z.int() }),
      errors: ['not-found'],
    }),
    slice: call({
      input: z.strictObject({
        queryId: QueryId,
        offset: z.int().nonnegative(),
        limit: z.int().min(1).max(500),
      }),
      output: z.array(ImageRow),
      errors: ['expired'],
    }),
    /** Ids only, for selecting a range without reading its rows. */
    ids: call({
      input: z.strictObject({
        queryId: QueryId,
        offset: z.int().nonnegative(),
        limit: z.int().min(1).max(50_000),
      }),
      output: z.array(ImageId),
      errors: ['expired'],
    }),
    position: call({
      input: z.strictObject({ queryId: QueryId, imageId: ImageId }),
      output: z.int().nullable(),
      errors: ['expired'],
    }),
    get: call({ input: z.strictObject({ imageId: ImageId }), output: ImageDetail, errors: ['not-found'] }),
    /** The tags in use in a dataset, with counts. */
    tags: call({
      input: z.strictObject({ dataset: Ref }),
      output: z.array(z.object({ tag: z.string(), images: z.int() })),
      errors: ['not-found'],
    }),
  },
  streams: {},
} satisfies ContractPart;
