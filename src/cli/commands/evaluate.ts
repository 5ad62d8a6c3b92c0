import path from 'node:path';
import { UserError } from '#shared/rpc/errors.ts';
import { describeEvaluation } from '../evaluations/describe.ts';
import { evaluate, requestFrom } from '../evaluations/evaluate.ts';
import { EVALUATE_OPTIONS } from '../evaluations/options.ts';
import { METRICS } from '../syntax/choices.ts';
import { command } from '../syntax/definition.ts';

export const evaluateCommand = command({
  name: 'evaluate',
  summary: 'score a run, a backbone as it came, or vectors of another program',
  details:
    'A run is always scored beside the zero-shot row of its backbone. Every score has a 95 % interval.',
  arguments: [],
  options: {
    ...EVALUATE_OPTIONS,
    embeddings: { type: 'text', value: 'FILE', help: 'npy, float, [rows, dim]' },
    labels: { type: 'text', value: 'FILE', help: 'npy (int), CSV or JSON: one label a row' },
    metric: { type: 'text', choices: METRICS, default: 'cosine', help: 'how files are compared' },
  },
  examples: [
    'evaluate --run run_x7k2m9p4',
    'evaluate --zero-shot --dataset Birds --split half --size 128',
    'evaluate --embeddings vectors.npy --labels labels.npy --json',
  ],
  async run({ options }, session) {
    const { embeddings, labels, metric } = options;
    if ((embeddings === undefined) !== (labels === undefined)) {
      throw new UserError('bad-input', '--embeddings and --labels belong together: give both files.');
    }
    const request =
      embeddings !== undefined && labels !== undefined
        ? ({
            kind: 'files',
            embeddings: path.resolve(embeddings),
            labels: path.resolve(labels),
            metric,
          } as const)
        : requestFrom(options);
    const evaluation = await evaluate(session, request);
    const { id, title, protocol, queries, classes, excludedQueries, scores, zeroShot, seenClasses } =
      evaluation;
    return {
      json: {
        evaluationId: id,
        title,
        protocol,
        queries,
        classes,
        excludedQueries,
        scores,
        zeroShot,
        seenClasses,
      },
      text: describeEvaluation(evaluation),
    };
  },
});
