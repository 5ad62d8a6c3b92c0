import type { ImageFilter, ImageSort } from '../contract/images.ts';
import type { BackboneFit, WeightFormat, WeightInspection } from '../domain/weights.ts';
import type { LeakCount, PartName, SplitKind } from '../domain/split.ts';
import type { z } from 'zod';

/**
 * Questions that take too long for the engine's own thread; answered by a thread that reads, and writes nothing but
 * content-addressed files.
 */
export interface ReaderMap {
  query: {
    input: {
      readonly dataset: number;
      /** With the split of `part` resolved to its id. */
      readonly filter: ImageFilter;
      readonly sort: z.infer<typeof ImageSort>;
      readonly descending: boolean;
    };
    /** Image ids in order. */
    output: Int32Array;
  };
  duplicates: { input: { readonly dataset: number }; output: readonly FoundCopies[] };
  split: { input: SplitQuestion; output: SplitAnswer };
  inspectWeights: {
    input: { readonly path: string; readonly backbone?: string | undefined };
    output: WeightInspection;
  };
  importWeights: {
    input: {
      readonly path: string;
      readonly backbone?: string | undefined;
      readonly licence?: string | undefined;
    };
    output: ImportedWeights;
  };
  preview: { input: { readonly path: string; readonly layout: string }; output: FolderPreview };
}
export type ReaderOperation = keyof ReaderMap;

export interface ImportedWeights {
  readonly format: WeightFormat;
  readonly fit: BackboneFit;
  readonly notes: readonly string[];
  /** Content hash of a safetensors file with the network's arrays under its own names, F32. */
  readonly file: string;
  readonly bytes: number;
}

export interface FoundCopies {
  readonly kind: 'exact' | 'near';
  readonly distance: number;
  readonly imageIds: readonly number[];
}

export interface SplitQuestion {
  readonly dataset: number;
  readonly kind: SplitKind;
  readonly testShare: number;
  readonly validationShare: number;
  readonly seed: number;
  readonly dropLeaks: boolean;
}

export interface SplitAnswer {
  readonly parts: readonly {
    readonly part: PartName;
    readonly imageIds: Int32Array;
    readonly classIds: Int32Array;
    /** Digest of the files' contents. */
    readonly content: string;
  }[];
  readonly hash: string;
  readonly leaks: readonly {
    readonly kind: 'exact' | 'near';
    readonly distance: number;
    readonly from: PartName;
    readonly to: PartName;
    readonly a: number;
    readonly b: number;
  }[];
  readonly leakCounts: readonly LeakCount[];
}

export interface FolderPreview {
  readonly files: number;
  readonly otherFiles: number;
  readonly bytes: number;
  readonly classes: readonly { readonly name: string; readonly images: number }[];
  readonly warnings: readonly string[];
}

export interface ReaderRequest<K extends ReaderOperation = ReaderOperation> {
  readonly id: number;
  readonly operation: K;
  readonly input: ReaderMap[K]['input'];
}

export type ReaderReply =
  | { readonly id: number; readonly output: unknown }
  | { readonly id: number; readonly code: string; readonly message: string };
