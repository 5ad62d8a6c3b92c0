import type { EmbeddingSource } from '#shared/domain/evaluation.ts';
import type { Catalog } from '../catalog.ts';
import { bytesToHex, hexToBytes } from '../packed.ts';
import { newId } from '../new-id.ts';

/** What makes two embeddings the same vectors. */
export interface EmbeddingKey {
  readonly split: string;
  readonly part: string;
  /** Content hash of the checkpoint, or the backbone's name. */
  readonly modelHash: string;
  readonly size: number;
  readonly datasetRevision: number;
  /** Digest of the part's files. */
  readonly content: string;
}

export interface Embedding extends EmbeddingKey {
  readonly id: string;
  readonly dataset: number;
  readonly source: EmbeddingSource;
  readonly run: string | null;
  readonly rows: number;
  readonly dim: number;
  /** Content hash of the safetensors file. */
  readonly file: string;
  readonly seconds: number;
  readonly createdAt: number;
}

interface EmbeddingRow {
  readonly id: string;
  readonly dataset: number;
  readonly dataset_revision: number;
  readonly split: string;
  readonly part: string;
  readonly model_hash: string;
  readonly size: number;
  readonly source: string;
  readonly run: string | null;
  readonly image_count: number;
  readonly dim: number;
  readonly file: Uint8Array;
  readonly seconds: number;
  readonly created_at: number;
  readonly content: string;
}

export class EmbeddingRepository {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  insert(embedding: Omit<Embedding, 'id'>): Embedding {
    const id = newId('emb');
    this.#catalog
      .sql(
        `INSERT INTO embeddings (id, dataset, dataset_revision, split, part, model_hash, size, source, run, image_count, dim, file, seconds, created_at, content)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (split, part, model_hash, size, dataset_revision, content) DO UPDATE SET
           image_count = excluded.image_count, dim = excluded.dim, file = excluded.file, seconds = excluded.seconds`,
      )
      .run(
        id,
        embedding.dataset,
        embedding.datasetRevision,
        embedding.split,
        embedding.part,
        embedding.modelHash,
        embedding.size,
        JSON.stringify(embedding.source),
        embedding.run,
        embedding.rows,
        embedding.dim,
        hexToBytes(embedding.file),
        embedding.seconds,
        embedding.createdAt,
        embedding.content,
      );
    return this.findByKey(embedding)!;
  }

  findByKey(key: EmbeddingKey): Embedding | undefined {
    const row = this.#catalog
      .sql<EmbeddingRow>(
        `SELECT * FROM embeddings WHERE split = ? AND part = ? AND model_hash = ? AND size = ?
           AND dataset_revision = ? AND content = ?`,
      )
      .get(key.split, key.part, key.modelHash, key.size, key.datasetRevision, key.content);
    return row && toEmbedding(row);
  }

  find(id: string): Embedding | undefined {
    const row = this.#catalog.sql<EmbeddingRow>(`SELECT * FROM embeddings WHERE id = ?`).get(id);
    return row && toEmbedding(row);
  }
}

function toEmbedding(row: EmbeddingRow): Embedding {
  return {
    id: row.id,
    dataset: row.dataset,
    datasetRevision: row.dataset_revision,
    split: row.split,
    part: row.part,
    modelHash: row.model_hash,
    size: row.size,
    source: JSON.parse(row.source) as EmbeddingSource,
    run: row.run,
    rows: row.image_count,
    dim: row.dim,
    file: bytesToHex(row.file),
    seconds: row.seconds,
    createdAt: row.created_at,
    content: row.content,
  };
}
