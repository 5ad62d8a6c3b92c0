import path from 'node:path';
import { UserError } from '#shared/rpc/errors.ts';
import { describeComparison } from '../evaluations/compare.ts';
import { describeEvaluation, describePublished } from '../evaluations/describe.ts';
import { type EvaluationRequest, evaluate, requestFrom, scoringFrom } from '../evaluations/evaluate.ts';
import { EVALUATE_OPTIONS } from '../evaluations/options.ts';
import { writeTables } from '../evaluations/tables.ts';
import { METRICS, PARTS } from '../syntax/choices.ts';
import { type ValuesOf, command } from '../syntax/definition.ts';

const OPTIONS = {
  ...EVALUATE_OPTIONS,
  'recall-at': { type: 'text', value: 'LIST', help: 'ranks of recall, like 1,10,100,1000' },
  'gallery-from': { type: 'text', choices: PARTS, help: 'search the queries in this part only' },
  'gallery-per-class': {
    type: 'integer',
    min: 1,
    max: 1000,
    value: 'N',
    help: 'N images of each class are the gallery, the others the queries',
  },
  'gallery-seed': { type: 'integer', min: 0, default: 0, value: 'N', help: 'which images these are' },
  against: {
    type: 'text',
    value: 'RUN',
    help: 'test the differences from this run, evaluated in the same way',
  },
  'per-class': { type: 'text', value: 'FILE', help: 'write a CSV of the classes, worst first' },
  'per-query': { type: 'text', value: 'FILE', help: 'write a CSV of the queries, worst first' },
  overwrite: { type: 'flag', help: 'replace CSV files that exist' },
  embeddings: { type: 'text', value: 'FILE', help: 'npy, float, [rows, dim]' },
  labels: { type: 'text', value: 'FILE', help: 'npy (int), CSV or JSON: one label a row' },
  metric: { type: 'text', choices: METRICS, default: 'cosine', help: 'how files are compared' },
} as const;

export const evaluateCommand = command({
  name: 'evaluate',
  summary: 'score a run, a backbone as it came, or vectors of another program',
  details:
    'A run is always scored beside the zero-shot row of its backbone. Every score has 95 % intervals over queries and over ' +
    'classes. The part "query" of a split is searched in its part "gallery".',
  arguments: [],
  options: OPTIONS,
  examples: [
    'evaluate --run run_x7k2m9p4 --recall-at 1,10,100',
    'evaluate --run run_x7k2m9p4 --against run_a2b3c4d5',
    'evaluate --run run_x7k2m9p4 --per-class classes.csv --per-query queries.csv',
    'evaluate --zero-shot --dataset Birds --split half --size 128',
    'evaluate --embeddings vectors.npy --labels labels.npy --json',
  ],
  async run({ options }, session) {
    const request = wishFrom(options);
    const evaluation = await evaluate(session, request);
    const client = await session.client();
    const isStored = request.kind !== 'files';
    const other =
      options.against === undefined
        ? null
        : await evaluate(session, {
            ...(request as Exclude<EvaluationRequest, { kind: 'files' }>),
            kind: 'run',
            run: options.against,
            checkpoint: options.checkpoint,
          });
    const comparison =
      other === null ? null : await client.evaluations.compare({ first: other.id, second: evaluation.id });
    const tables = { classes: options['per-class'], queries: options['per-query'] };
    const files = isStored ? await writeTables(session, evaluation.id, tables, options.overwrite) : [];
    const published = isStored ? await client.evaluations.published({ evaluation: evaluation.id }) : null;
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
        ...(comparison !== null && { comparison }),
        ...(files.length > 0 && { files }),
        ...(published !== null && published.dataset !== null && { published }),
      },
      text: [
        describeEvaluation(evaluation),
        ...(comparison === null
          ? []
          : [describeComparison(comparison, { first: other!.title, second: title })]),
        ...(published === null || published.dataset === null
          ? []
          : [describePublished(published.dataset, published.rows)]),
        ...files,
      ].join('\n\n'),
    };
  },
});

function wishFrom(options: ValuesOf<typeof OPTIONS>): EvaluationRequest {
  const { embeddings, labels, metric } = options;
  if ((embeddings === undefined) !== (labels === undefined)) {
    throw new UserError('bad-input', '--embeddings and --labels belong together: give both files.');
  }
  const scoring = scoringFrom(options);
  if (embeddings === undefined || labels === undefined) return { ...requestFrom(options), ...scoring };
  const stored = ['against', 'per-class', 'per-query', 'gallery-from', 'gallery-per-class'] as const;
  const given = stored.find((name) => options[name] !== undefined);
  if (given !== undefined)
    throw new UserError(
      'bad-input',
      `--${given} is for runs and backbones: vectors of another program are not kept in the library.`,
    );
  const { recallAt } = scoring;
  return {
    kind: 'files',
    embeddings: path.resolve(embeddings),
    labels: path.resolve(labels),
    metric,
    ...(recallAt !== undefined && { recallAt }),
  };
}
