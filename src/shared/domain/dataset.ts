import { z } from 'zod';
import { ClassId, ContentHash, DatasetId, ImageId, Timestamp } from './ids.ts';

export const Layout = z.enum(['auto', 'folder']);
export type Layout = z.infer<typeof Layout>;

/** A file that could not be read, and why. Nothing is dropped in silence. */
export const ImportProblem = z.object({
  path: z.string(),
  code: z.enum([
    'empty-file',
    'truncated',
    'not-an-image',
    'unsupported-format',
    'too-many-pixels',
    'too-slow',
    'unreadable',
    'no-permission',
    'outside-folder',
    'duplicate-path',
    'no-class',
    'empty-folder',
    'name-too-long',
  ]),
  reason: z.string(),
});
export type ImportProblem = z.infer<typeof ImportProblem>;

export const DatasetSummary = z.object({
  id: DatasetId,
  name: z.string(),
  rootPath: z.string(),
  layout: z.string(),
  /** Grows by one with every change of labels, exclusions, tags or classes, and with every import. */
  revision: z.int(),
  images: z.int(),
  excluded: z.int(),
  classes: z.int(),
  problems: z.int(),
  duplicateGroups: z.int(),
  createdAt: Timestamp,
  /** A few images, spread over classes, for the card. */
  cover: z.array(ImageId),
  licence: z.string().nullable(),
  removed: z.boolean(),
});
export type DatasetSummary = z.infer<typeof DatasetSummary>;

export const ClassSummary = z.object({
  id: ClassId,
  name: z.string(),
  images: z.int(),
  excluded: z.int(),
  cover: ImageId.nullable(),
});
export type ClassSummary = z.infer<typeof ClassSummary>;

export const ImageRow = z.object({
  id: ImageId,
  classId: ClassId,
  className: z.string(),
  /** Relative to the dataset's folder, with forward slashes. */
  path: z.string(),
  width: z.int(),
  height: z.int(),
  excluded: z.boolean(),
  tags: z.array(z.string()),
});
export type ImageRow = z.infer<typeof ImageRow>;

export const DuplicateKind = z.enum(['exact', 'near']);
export const DuplicateGroup = z.object({
  kind: DuplicateKind,
  /** Largest Hamming distance of the 64-bit perceptual hashes inside the group; 0 for exact copies. */
  distance: z.int(),
  images: z.array(ImageRow),
  /** True where the copies carry different classes: at least one label is wrong. */
  acrossClasses: z.boolean(),
});
export type DuplicateGroup = z.infer<typeof DuplicateGroup>;

export const JournalEvent = z.object({
  id: z.int(),
  revision: z.int(),
  kind: z.string(),
  /** What happened, as a sentence. */
  summary: z.string(),
  who: z.string(),
  why: z.string(),
  at: Timestamp,
  undone: z.boolean(),
});
export type JournalEvent = z.infer<typeof JournalEvent>;

export const ImageDetail = ImageRow.extend({
  datasetId: DatasetId,
  contentHash: ContentHash,
  /** 64-bit difference hash, 16 hex digits. */
  perceptualHash: z.string(),
  format: z.string(),
  channels: z.int(),
  sizeBytes: z.int(),
  importedClassName: z.string(),
  duplicates: z.array(ImageRow.extend({ kind: DuplicateKind, distance: z.int() })),
  history: z.array(JournalEvent),
});
export type ImageDetail = z.infer<typeof ImageDetail>;

export const Verdict = z.enum(['label-wrong', 'duplicate', 'look-alike', 'bad-crop', 'skip']);
export type Verdict = z.infer<typeof Verdict>;
