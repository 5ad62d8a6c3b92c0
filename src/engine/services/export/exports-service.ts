import { extname, resolve } from 'node:path';
import type { z } from 'zod';
import type { ExportFormat, ExportKind } from '#shared/contract/exports.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { ServiceContext } from '../service-context.ts';
import { checkOutput } from './output-file.ts';
import { embeddingOf, evaluationOf, refreshOf } from './sources.ts';

export type Kind = z.infer<typeof ExportKind>;
export type Format = z.infer<typeof ExportFormat>;

export interface ExportRequest {
  readonly what: Kind;
  /** Id of the thing. */
  readonly source: string;
  readonly format: Format;
  readonly out: string;
  readonly overwrite: boolean;
}

const FORMATS: Readonly<Record<Kind, readonly [Format, ...Format[]]>> = {
  dataset: ['csv', 'json'],
  split: ['csv', 'json'],
  embeddings: ['npy', 'safetensors', 'csv', 'json'],
  neighbors: ['csv', 'json'],
  classes: ['csv', 'json'],
  queries: ['csv', 'json'],
  triplets: ['csv', 'json'],
  report: ['html'],
};

export class ExportsService {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** @throws UserError not-found, also for the folder of the file, bad-input for a format that the kind has not, conflict when the file exists */
  start(wish: { what: Kind; source: string; format?: Format | undefined; out: string; overwrite: boolean }): {
    jobId: string;
  } {
    const { what, overwrite } = wish;
    const out = resolve(wish.out);
    const format = wish.format ?? this.#formatOf(what, out);
    if (!FORMATS[what].includes(format))
      throw new UserError(
        'bad-input',
        `A ${what} export is written as ${FORMATS[what].join(', ')}; not as ${format}.`,
      );
    const source = this.#idOf(what, wish.source);
    checkOutput(out, overwrite);
    const request: ExportRequest = { what, source, format, out, overwrite };
    const job = this.#context.queue.enqueue({
      kind: 'export',
      title: `Export ${what}`,
      subject: source,
      request,
    });
    return { jobId: job.id };
  }

  #formatOf(what: Kind, out: string): Format {
    const ending = extname(out).slice(1).toLowerCase();
    return FORMATS[what].find((format) => format === ending) ?? FORMATS[what][0];
  }

  #idOf(what: Kind, ref: string): string {
    const { datasets, splits, runs } = this.#context;
    switch (what) {
      case 'dataset':
        return datasets.require(ref).id;
      case 'split':
        return splits.require(ref).id;
      case 'embeddings':
        return embeddingOf(this.#context, ref).id;
      case 'neighbors':
      case 'classes':
      case 'queries':
        return evaluationOf(this.#context, ref).id;
      case 'triplets':
        return refreshOf(this.#context, ref).id;
      case 'report':
        return runs.require(ref).id;
    }
  }
}
