import type { SplitSummary } from '#shared/domain/split.ts';
import { plural } from '../output/numbers.ts';
import { columns } from '../output/table.ts';
import { command } from '../syntax/definition.ts';

const PARTS = ['train', 'validation', 'test'] as const;

export function describeSplit(split: SplitSummary): string {
  const rows = PARTS.map((part) => [
    `  ${part}`,
    plural(split[part].classes, 'class', 'classes'),
    plural(split[part].images, 'image'),
  ]);
  const leaks = split.leaks.filter(({ exact, near }) => exact + near > 0);
  const leakLines = leaks.map(
    ({ from, to, exact, near }) =>
      `  ${plural(exact, 'exact copy', 'exact copies')} and ${near} near between ${from} and ${to}`,
  );
  return [
    `${split.name} (${split.id}, ${split.kind}, seed ${split.seed}, hash ${split.hash.slice(0, 12)})`,
    columns(rows, { right: [1, 2] }),
    ...(leaks.length === 0 ? ['  no image of one part has a copy in another'] : leakLines),
  ].join('\n');
}

export const splitCommand = command({
  name: 'split',
  summary: 'divide a dataset into train, validation and test parts',
  details: 'Class-disjoint keeps whole classes for the test: the model never sees them in training.',
  arguments: [{ name: 'DATASET', help: 'its name or id', required: true }],
  options: {
    kind: {
      type: 'text',
      choices: ['class-disjoint', 'stratified', 'k-fold', 'official'],
      default: 'class-disjoint',
      help: 'how to divide',
    },
    'test-share': { type: 'number', min: 0, max: 0.95, default: 0.5, help: 'share kept for the test' },
    'validation-share': {
      type: 'number',
      min: 0,
      max: 0.95,
      default: 0.1,
      help: 'share of the rest held out of training',
    },
    seed: { type: 'integer', min: 0, max: 2 ** 31 - 1, default: 0, help: 'which draw' },
    name: { type: 'text', help: 'what to call it' },
    'drop-leaks': { type: 'flag', help: 'leave out of training what has a copy in the test part' },
  },
  examples: ['split Birds', 'split Birds --test-share 0.5 --seed 1 --name "second draw"'],
  async run({ arguments: [dataset = ''], options }, session) {
    const client = await session.client();
    const split = await client.splits.create({
      dataset,
      kind: options.kind,
      testShare: options['test-share'],
      validationShare: options['validation-share'],
      seed: options.seed,
      name: options.name,
      dropLeaks: options['drop-leaks'],
    });
    const { id, name, hash, train, validation, test, leaks } = split;
    return { json: { splitId: id, name, hash, train, validation, test, leaks }, text: describeSplit(split) };
  },
});
