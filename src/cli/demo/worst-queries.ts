import type { Client } from '#shared/contract/index.ts';
import type { Neighbor } from '#shared/domain/evaluation.ts';

export interface WorstQuery {
  readonly imageId: number;
  readonly path: string;
  readonly class: string;
  readonly neighbors: readonly Neighbor[];
}

/** The queries that fail most clearly, with their nearest images. */
export async function worstQueries(
  client: Client,
  evaluation: string,
  howMany = 6,
  k = 4,
): Promise<WorstQuery[]> {
  const { rows } = await client.evaluations.failures({ evaluation, limit: howMany });
  return Promise.all(
    rows.map(async (row) => {
      const { neighbors } = await client.neighbors.ofImage({ evaluation, imageId: row.imageId, k });
      return { imageId: row.imageId, path: row.path, class: row.class, neighbors };
    }),
  );
}
