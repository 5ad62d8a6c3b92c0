import { z } from 'zod';
import { JournalEvent, Verdict } from '../domain/dataset.ts';
import { ClassId, ImageId, Ref, RefreshId } from '../domain/ids.ts';
import { type ContractPart, call } from './definition.ts';

const ImageIds = z.array(ImageId).min(1).max(100_000);
const ClassName = z.string().trim().min(1).max(300);

/** A change to a dataset: one event of the journal. Undo appends its opposite. */
export const Edit = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('relabel'), imageIds: ImageIds, className: ClassName }),
  z.strictObject({ kind: z.literal('exclude'), imageIds: ImageIds, excluded: z.boolean() }),
  z.strictObject({
    kind: z.literal('tag'),
    imageIds: ImageIds,
    tag: z.string().trim().min(1).max(80),
    add: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('rename-class'), classId: ClassId, name: ClassName }),
  z.strictObject({
    kind: z.literal('merge-classes'),
    from: z.array(ClassId).min(1).max(1000),
    into: ClassId,
  }),
  z.strictObject({
    kind: z.literal('verdict'),
    refreshId: RefreshId,
    row: z.int().nonnegative(),
    verdict: Verdict,
    /** The image that the verdict speaks of: it is excluded for `bad-crop` and `duplicate`, and for `label-wrong` without a new label. */
    imageId: ImageId.optional(),
    /** For `label-wrong`: the class that the image should have. */
    className: ClassName.optional(),
  }),
]);
export type Edit = z.input<typeof Edit>;

const Applied = z.object({ eventId: z.int(), revision: z.int(), changed: z.int(), summary: z.string() });

export const curation = {
  calls: {
    apply: call({
      input: z.strictObject({ dataset: Ref, edit: Edit, why: z.string().max(2000).default('') }),
      output: Applied,
      errors: ['not-found', 'bad-input', 'conflict'],
    }),
    /** Takes back the latest change that still stands; works after a restart. null when there is none. */
    undo: call({
      input: z.strictObject({ dataset: Ref }),
      output: Applied.nullable(),
      errors: ['not-found'],
    }),
    redo: call({
      input: z.strictObject({ dataset: Ref }),
      output: Applied.nullable(),
      errors: ['not-found'],
    }),
    history: call({
      input: z.strictObject({ dataset: Ref, limit: z.int().min(1).max(500).default(50) }),
      output: z.array(JournalEvent),
      errors: ['not-found'],
    }),
  },
  streams: {},
} satisfies ContractPart;
