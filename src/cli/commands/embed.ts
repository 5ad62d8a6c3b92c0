import path from 'node:path';
import { UserError } from '#shared/rpc/errors.ts';
import { requestFrom } from '../evaluations/evaluate.ts';
import { EVALUATE_OPTIONS } from '../evaluations/options.ts';
import { exportFiles } from '../exports/export-files.ts';
import { followJob } from '../jobs/follow.ts';
import { plural, seconds } from '../output/numbers.ts';
import { command } from '../syntax/definition.ts';

/** The export format that a file's name asks for. @throws UserError `bad-input` */
export function embeddingFormat(file: string): 'npy' | 'safetensors' | 'csv' | 'json' {
  const ending = path.extname(file).slice(1).toLowerCase();
  if (ending === 'npy' || ending === 'safetensors' || ending === 'csv' || ending === 'json') return ending;
  throw new UserError(
    'bad-input',
    `"${file}" says no format by its name. End it in .npy, .safetensors, .csv or .json.`,
  );
}

export const embedCommand = command({
  name: 'embed',
  summary: 'compute the vectors of a part, and write them to a file',
  arguments: [],
  options: {
    ...EVALUATE_OPTIONS,
    out: { type: 'text', value: 'FILE', help: 'where to write them: .npy, .safetensors, .csv or .json' },
    overwrite: { type: 'flag', help: 'replace a file that exists' },
  },
  examples: [
    'embed --run run_x7k2m9p4 --out vectors.npy',
    'embed --dataset Birds --split half --part train --out train.safetensors',
  ],
  async run({ options }, session) {
    const startedAt = performance.now();
    const format = options.out === undefined ? undefined : embeddingFormat(options.out);
    const request = requestFrom(options);
    const client = await session.client();
    const { jobId } = await client.evaluations.embed(request);
    const job = await followJob(session, jobId, { resume: 'run the same command again.' });
    const { embeddingId, rows, dim } = job.result as { embeddingId: string; rows: number; dim: number };
    const files =
      options.out === undefined || format === undefined
        ? []
        : await exportFiles(session, {
            what: 'embeddings',
            source: embeddingId,
            format,
            out: path.resolve(options.out),
            overwrite: options.overwrite,
          });
    const outcome = {
      embeddingId,
      rows,
      dim,
      file: files[0] ?? null,
      files,
      seconds: (performance.now() - startedAt) / 1000,
    };
    const where = files.length > 0 ? ` in ${files.join(', ')}` : '; --out FILE writes them to a file';
    return {
      json: outcome,
      text: `${plural(outcome.rows, 'vector')} of ${outcome.dim} numbers (${outcome.embeddingId}, ${seconds(outcome.seconds)})${where}`,
    };
  },
});
