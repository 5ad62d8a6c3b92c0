import type { ClassResult } from '#shared/domain/evaluation.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { EvaluationRecord } from '#catalog/repositories/evaluations.ts';
import { evaluatedImages } from './evaluated-images.ts';
import { LabelledImages } from './labelled-images.ts';
import type { ServiceContext } from './service-context.ts';
import { withArrays } from './stored-array.ts';

interface Sums {
  queries: number;
  hits: number;
  averagePrecision: number;
  rPrecision: number;
  reciprocalRank: number;
  /** How many failing queries find which class first. */
  readonly wrong: Map<number, number>;
}

/**
 * How every class of an evaluation's queries does, worst first: by R@1, then by MAP@R, then by class.
 * @throws UserError conflict for an evaluation of before this was stored
 */
export async function classResults(
  context: ServiceContext,
  evaluation: EvaluationRecord,
): Promise<ClassResult[]> {
  const { evaluations, catalog } = context;
  return withArrays(catalog, evaluations.fileOf(evaluation), async (scored) => {
    if (!scored.has('rank'))
      throw new UserError(
        'conflict',
        'This evaluation was made before results by class were kept. Evaluate again.',
      );
    const { queries, neighbors } = await evaluatedImages(context, evaluation, scored);
    const [rows, rank, lists, averagePrecision, rPrecision] = await Promise.all([
      scored.ints('queryRows'),
      scored.ints('rank'),
      scored.ints('neighbors'),
      scored.floats('averagePrecisionAtR'),
      scored.floats('rPrecision'),
    ]);
    const keep = lists.length / Math.max(1, rows.length);
    const classes = new Map<number, Sums>();
    rows.forEach((row, query) => {
      const own = sumsOf(classes, queries.labels[row]!);
      own.queries++;
      own.averagePrecision += averagePrecision[query]!;
      own.rPrecision += rPrecision[query]!;
      own.reciprocalRank += 1 / rank[query]!;
      if (rank[query] === 1) {
        own.hits++;
        return;
      }
      const first = neighbors.labels[lists[query * keep]!]!;
      own.wrong.set(first, (own.wrong.get(first) ?? 0) + 1);
    });
    const images = new LabelledImages(context);
    return [...classes].map(([id, sums]) => resultOf(id, sums, images)).sort(worstFirst);
  });
}

function sumsOf(classes: Map<number, Sums>, id: number): Sums {
  const known = classes.get(id);
  if (known !== undefined) return known;
  const made = {
    queries: 0,
    hits: 0,
    averagePrecision: 0,
    rPrecision: 0,
    reciprocalRank: 0,
    wrong: new Map(),
  };
  classes.set(id, made);
  return made;
}

function resultOf(classId: number, sums: Sums, images: LabelledImages): ClassResult {
  const { queries, hits } = sums;
  const [most] = [...sums.wrong].sort(([a, often], [b, seldom]) => seldom - often || a - b);
  return {
    classId,
    class: images.className(classId),
    queries,
    hits,
    recallAt1: hits / queries,
    averagePrecisionAtR: sums.averagePrecision / queries,
    rPrecision: sums.rPrecision / queries,
    reciprocalRank: sums.reciprocalRank / queries,
    confusedWith:
      most === undefined ? null : { classId: most[0], class: images.className(most[0]), queries: most[1] },
  };
}

const worstFirst = (a: ClassResult, b: ClassResult): number =>
  a.recallAt1 - b.recallAt1 || a.averagePrecisionAtR - b.averagePrecisionAtR || a.classId - b.classId;
