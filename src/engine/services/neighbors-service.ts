import { access, constants, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { EmbeddingSource, Neighbor } from '#shared/domain/evaluation.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { evaluatedImages } from './evaluated-images.ts';
import { LabelledImages } from './labelled-images.ts';
import { type EmbeddingModel, modelOfBackbone } from './model-source.ts';
import type { ServiceContext } from './service-context.ts';
import { withArrays } from './stored-array.ts';

export interface NeighborList {
  readonly query: { imageId: number | null; path: string; class: string | null };
  readonly neighbors: Neighbor[];
}

/** Nearest images in the space of an evaluation. */
export class NeighborsService {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** Reads one row of the stored lists. */
  async ofImage(evaluationId: string, imageId: number, k: number): Promise<NeighborList> {
    const { evaluations, catalog } = this.#context;
    const evaluation = evaluations.require(evaluationId);
    const images = new LabelledImages(this.#context);
    return withArrays(catalog, evaluations.fileOf(evaluation), async (scored) => {
      const found = await evaluatedImages(this.#context, evaluation, scored);
      const row = found.queries.imageIds.indexOf(imageId);
      if (row < 0)
        throw new UserError(
          'not-found',
          `Image ${imageId} is not in the evaluated part "${evaluation.part}". Choose an image of that part.`,
        );
      const query = (await scored.ints('queryRows')).indexOf(row);
      const label = found.queries.labels[row]!;
      const self = { imageId, ...images.describe(imageId, label) };
      if (query < 0)
        throw new UserError(
          'not-found',
          `${self.path} was left out of the queries of "${evaluation.part}": nothing of its class could be found.`,
        );
      const [rows, distances] = await Promise.all([
        scored.intRow('neighbors', query),
        scored.floatRow('distances', query),
      ]);
      const { imageIds, labels } = found.neighbors;
      const neighbors = [...rows.subarray(0, k)].flatMap((other, index): Neighbor[] =>
        other < 0
          ? []
          : [
              {
                imageId: imageIds[other]!,
                ...images.describe(imageIds[other]!, labels[other]!),
                distance: distances[index]!,
                hit: labels[other] === label,
              },
            ],
      );
      return { query: self, neighbors };
    });
  }

  /** Embeds a picture of the disk in a worker of its own and looks it up. */
  async ofFile(evaluationId: string, path: string, k: number, signal: AbortSignal): Promise<NeighborList> {
    const { evaluations, embeddings, catalog, host } = this.#context;
    const evaluation = evaluations.require(evaluationId);
    const embedding = embeddings.find(evaluation.embedding)!;
    const imagePath = await readableFile(path);
    const task = host.start('query', {
      model: this.#modelOf(embedding.modelHash, JSON.parse(evaluation.source) as EmbeddingSource).model,
      imagePath,
      embedding: embedding.file,
      k,
      backend: 'auto',
    });
    const stop = (): void => task.stop('discard');
    signal.addEventListener('abort', stop);
    try {
      const { neighbors } = await task.result;
      const images = new LabelledImages(this.#context);
      const labels = await withArrays(catalog, embedding.file, async (vectors) => {
        const [ids, classes] = [await vectors.ints('imageIds'), await vectors.ints('labels')];
        return new Map(neighbors.map(({ imageId }) => [imageId, classes[ids.indexOf(imageId)]!]));
      });
      return {
        query: { imageId: null, path: imagePath, class: null },
        neighbors: neighbors.map(({ imageId, distance }) => ({
          imageId,
          ...images.describe(imageId, labels.get(imageId)!),
          distance,
          hit: null,
        })),
      };
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #modelOf(hash: string, known: EmbeddingSource): Pick<EmbeddingModel, 'model'> {
    if (known.kind === 'zero-shot') return modelOfBackbone(known.backbone, known.size, known.weights);
    const run = this.#context.runs.require(known.runId);
    if (!this.#context.catalog.files.has(hash))
      throw new UserError(
        'not-found',
        `The checkpoint that made these vectors is gone. Evaluate the run "${run.name}" again.`,
      );
    return {
      model: { kind: 'checkpoint', file: hash, config: JSON.parse(run.config) as Record<string, unknown> },
    };
  }
}

async function readableFile(path: string): Promise<string> {
  try {
    const real = await realpath(resolve(path));
    await access(real, constants.R_OK);
    return real;
  } catch (error) {
    throw new UserError(
      'not-found',
      `There is no picture ${resolve(path)} that can be read. Check the path.`,
      { cause: error },
    );
  }
}
