import type { Comparison, Protocol } from '#shared/domain/evaluation.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { EvaluationRecord } from '#catalog/repositories/evaluations.ts';
import type { ServiceContext } from './service-context.ts';

/** What has to be equal for two evaluations to ask the same of the same images, with its name in sentences. */
const MUST_EQUAL = {
  splitHash: 'split',
  part: 'part',
  crop: 'crop',
  gallery: 'gallery',
  duplicatePolicy: 'treatment of duplicates',
} as const satisfies Partial<Record<keyof Protocol, string>>;

/**
 * Second minus first, query by query, in a worker.
 * @throws UserError conflict where the protocols differ in what must be equal
 */
export async function compareEvaluations(
  { evaluations, host }: ServiceContext,
  first: EvaluationRecord,
  second: EvaluationRecord,
  signal: AbortSignal,
): Promise<Comparison> {
  const protocols = [protocolOf(first), protocolOf(second)] as const;
  refuseDifferent(first.title, second.title, protocols);
  const [{ bootstrapSamples: samples, bootstrapSeed: seed }] = protocols;
  const task = host.start('compare', {
    first: evaluations.fileOf(first),
    second: evaluations.fileOf(second),
    recallAt: sharedRanks(first, second),
    samples,
    seed,
  });
  const stop = (): void => task.stop('discard');
  signal.addEventListener('abort', stop);
  try {
    const { queries, classes, rows } = await task.result;
    return { first: first.id, second: second.id, queries, classes, rows: [...rows] };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function refuseDifferent(a: string, b: string, [first, second]: readonly [Protocol, Protocol]): void {
  const old = [first, second].some(({ gallery }) => gallery === undefined);
  if (old)
    throw new UserError(
      'conflict',
      'One of the two evaluations was made before comparisons were possible. Evaluate both again.',
    );
  const differing = Object.entries(MUST_EQUAL).filter(
    ([name]) => first[name as keyof typeof MUST_EQUAL] !== second[name as keyof typeof MUST_EQUAL],
  );
  if (differing.length === 0) return;
  const names = differing.map(([, title]) => title).join(' and ');
  const [field] = differing[0]!;
  const value = (protocol: Protocol): string => String(protocol[field as keyof typeof MUST_EQUAL]);
  const values = field === 'splitHash' ? '' : ` (${value(first)}; ${value(second)})`;
  throw new UserError(
    'conflict',
    `"${a}" and "${b}" differ in ${names}${values}, so their queries cannot be paired. Evaluate both in the same way.`,
  );
}

function sharedRanks(first: EvaluationRecord, second: EvaluationRecord): number[] {
  const theirs = JSON.parse(second.scores) as Record<string, unknown>;
  return Object.keys(JSON.parse(first.scores) as Record<string, unknown>)
    .filter((key) => key.startsWith('recall@') && key in theirs)
    .map((key) => Number(key.slice('recall@'.length)))
    .sort((a, b) => a - b);
}

const protocolOf = (record: EvaluationRecord): Protocol => JSON.parse(record.protocol) as Protocol;
