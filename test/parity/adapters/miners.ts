import { join } from 'node:path';
import { SafetensorsFile } from '#formats/safetensors.ts';
import { type MinedTriplets, mineTriplets } from '#learn/miners/smart.ts';
import { VectorSpace, type VectorTable } from '#learn/space/vector-space.ts';
import type { MiningRule } from '#shared/domain/triplet.ts';
import { openParityBackend } from '../backend.ts';
import { type Adapter, type Check, type ParityCase, check, exact, numberOf, tensorOf } from '../case.ts';
import { tableOf } from './tables.ts';

const RULES = { negBeyond: 'smart', negNearest: 'nearest', negBand: 'semi-hard' } as const satisfies Record<
  string,
  MiningRule
>;
const STORED_AS = 16384;

interface Reference {
  readonly table: VectorTable;
  readonly labels: Int32Array;
  /** [rows] each, by the names positive, negBeyond, negNearest, negBand; -1 for none. */
  readonly rows: Readonly<Record<string, ArrayLike<number>>>;
  readonly ambiguous: ReadonlySet<number>;
}

/** Indices of every rule, and distances where the file has them. */
export const compareSmartMining: Adapter = async (example) => {
  await openParityBackend();
  const reference = example.inputs['embeddings'] ? fromJson(example) : await fromArrays(example);
  const space = new VectorSpace(reference.table, 'euclidean');
  const margin = numberOf(example.params['margin']);
  const checks: Check[] = [];
  for (const [name, rule] of Object.entries(RULES)) {
    const mined = await mineTriplets(space, reference.labels, { rule, margin });
    const column = spread(mined, mined.negatives, space.rows);
    const positives = spread(mined, mined.positives, space.rows);
    // An anchor without a positive is no triplet for us; the reference still names its nearest negative.
    const alone = Array.from(reference.rows['positive']!, (positive) => positive < 0);
    const sure = (values: ArrayLike<number>): number[] =>
      Array.from(values).filter((_, row) => !reference.ambiguous.has(row) && !alone[row]);
    checks.push(exact(`${name} of rule ${rule}`, sure(column), sure(reference.rows[name]!)));
    const wanted = Array.from(reference.rows['positive']!, (positive, row) =>
      column[row]! < 0 ? -1 : positive,
    );
    checks.push(exact(`positive of rule ${rule}`, sure(positives), sure(wanted)));
    const distances = example.expected[`${name}Distance`];
    if (distances !== undefined) {
      const got = spread(mined, mined.anchorNegative, space.rows, 0);
      checks.push(check(`${name} distance`, sure(got), sure(tensorOf(distances).data), example, ['float32']));
    }
  }
  return checks;
};

/** A column of the triplets laid out by anchor. */
function spread(mined: MinedTriplets, values: ArrayLike<number>, rows: number, none = -1): Float64Array {
  const column = new Float64Array(rows).fill(none);
  for (let i = 0; i < mined.count; i++) column[mined.anchors[i]!] = values[i]!;
  return column;
}

function fromJson({ inputs, expected, ambiguousAnchors }: ParityCase): Reference {
  const rows = Object.fromEntries(
    ['positive', ...Object.keys(RULES)].map((name) => [name, tensorOf(expected[name]).data]),
  );
  return {
    table: tableOf(inputs['embeddings']!),
    labels: Int32Array.from(inputs['labels']!.data),
    rows,
    ambiguous: new Set(ambiguousAnchors),
  };
}

async function fromArrays({ about, folder, params }: ParityCase): Promise<Reference> {
  const file = await SafetensorsFile.open(join(folder, (about['files'] as [string])[0]));
  const read = async (name: string): Promise<number[]> =>
    Array.from((await file.read(name)) as ArrayLike<number>);
  const names = ['positive', ...Object.keys(RULES)];
  const reference = {
    table: {
      data: Float64Array.from(await read('embeddings_times_16384'), (value) => value / STORED_AS),
      rows: numberOf(params['N']),
      dim: numberOf(params['D']),
    },
    labels: Int32Array.from(await read('labels')),
    rows: Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(name)] as const))),
    ambiguous: new Set(await read('ambiguous')),
  };
  await file.close();
  return reference;
}
