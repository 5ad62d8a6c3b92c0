import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { type NpyArray, encodeNpy } from '#formats/npy.ts';
import type { JobContext, JobRunner } from '../../jobs/job-runner.ts';
import type { MediaService } from '../media-service.ts';
import type { ServiceContext } from '../service-context.ts';
import { classesTable, queriesTable } from './evaluation-tables.ts';
import type { ExportRequest } from './exports-service.ts';
import { writeWhole } from './output-file.ts';
import { writeReport } from './report/write-report.ts';
import {
  type Table,
  datasetTable,
  embeddingTable,
  neighborsTable,
  splitTable,
  tripletsTable,
  vectorRows,
} from './tables.ts';
import { writeTable } from './write-table.ts';

/** Writes files for other programs. Its result is `{ files }`. */
export class ExportRunner implements JobRunner {
  readonly #context: ServiceContext;
  readonly #media: MediaService;

  constructor(context: ServiceContext, media: MediaService) {
    this.#context = context;
    this.#media = media;
  }

  async run(request: unknown, job: JobContext): Promise<{ files: string[] }> {
    const wish = request as ExportRequest;
    const { format, out, overwrite } = wish;
    if (wish.what === 'report') {
      const html = await writeReport(this.#context, this.#media, wish.source);
      await writeWhole(out, overwrite, (handle) => handle.writeFile(html));
      return { files: [out] };
    }
    if (format === 'npy') return { files: await this.#writeNpy(wish) };
    if (format === 'safetensors') return { files: [await this.#writeSafetensors(wish)] };
    await writeTable(await this.#table(wish), format === 'json' ? 'json' : 'csv', out, overwrite, job.signal);
    return { files: [out] };
  }

  async #table({ what, source }: ExportRequest): Promise<Table> {
    const context = this.#context;
    switch (what) {
      case 'dataset':
        return datasetTable(context, context.datasets.require(source).key);
      case 'split':
        return splitTable(context, source);
      case 'neighbors':
        return neighborsTable(context, source);
      case 'classes':
        return classesTable(context, source);
      case 'queries':
        return queriesTable(context, source);
      case 'triplets':
        return tripletsTable(context, source);
      case 'embeddings':
        return embeddingTable(context, this.#vectors(source));
      case 'report':
        throw new Error('a report is no table');
    }
  }

  /** The vectors, and beside them the labels and image ids row by row. */
  async #writeNpy({ source, out, overwrite }: ExportRequest): Promise<string[]> {
    const { vectors, dim, labels, imageIds } = await vectorRows(this.#context, this.#vectors(source));
    const stem = out.slice(0, out.length - extname(out).length);
    const arrays = [
      { path: out, type: 'f4' as const, shape: [imageIds.length, dim], data: vectors },
      { path: `${stem}-labels.npy`, type: 'i4' as const, shape: [labels.length], data: labels },
      { path: `${stem}-image-ids.npy`, type: 'i4' as const, shape: [imageIds.length], data: imageIds },
    ];
    for (const { path, ...array } of arrays)
      await writeWhole(path, overwrite, async (handle) => {
        for (const piece of encodeNpy(array as NpyArray)) await handle.writeFile(piece);
      });
    return arrays.map(({ path }) => path);
  }

  async #writeSafetensors({ source, out, overwrite }: ExportRequest): Promise<string> {
    const stored = this.#context.catalog.files.get(this.#vectors(source));
    await writeWhole(out, overwrite, async (handle) => {
      for await (const piece of createReadStream(stored)) await handle.writeFile(piece as Buffer);
    });
    return out;
  }

  #vectors(embeddingId: string): string {
    return this.#context.embeddings.find(embeddingId)!.file;
  }
}
