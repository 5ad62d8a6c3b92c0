import type { BackboneFit, WeightInspection } from '#shared/domain/weights.ts';
import { count, plural } from '../output/numbers.ts';
import { table } from '../output/table.ts';

/** Arrays shown before the rest is counted. */
const SHOWN = 40;

const TITLES: Readonly<Record<WeightInspection['format'], string>> = {
  safetensors: 'safetensors',
  pytorch: 'PyTorch',
  'keras-h5': 'Keras (HDF5)',
  tfjs: 'TensorFlow.js',
  onnx: 'ONNX',
};

/** A file's arrays and the networks that it fits, for people. */
export function describeInspection({
  format,
  arrays,
  parameters,
  listed,
  notes,
  fits,
}: WeightInspection): string {
  const rows = listed.slice(0, SHOWN).map(({ name, shape, type }) => [name, `[${shape.join(', ')}]`, type]);
  const more = arrays > rows.length ? [`… and ${plural(arrays - rows.length, 'more array')}`] : [];
  const [best, ...others] = fits;
  return [
    `${TITLES[format]}, ${plural(arrays, 'array')}, ${count(parameters)} numbers`,
    table(['array', 'shape', 'type'], rows),
    ...more,
    '',
    ...notes,
    ...(best ? ['', headline(best), ...describeFit(best)] : ['', 'Fits no backbone that is known here.']),
    ...others.map(headline),
  ].join('\n');
}

function headline({ backbone, title, complete, matched, filled, wanted }: BackboneFit): string {
  const verdict = complete ? 'fits' : 'does not fit';
  return `${verdict} ${backbone} (${title}): ${count(matched + filled)} of ${plural(wanted, 'array')}`;
}

/** What was matched how, and what was not. A line each, only where there is something to say. */
export function describeFit(fit: BackboneFit): string[] {
  const { prefix, dialect, moved, filled, missing, different, leftOut, unexpected } = fit;
  const lines: string[] = [];
  const names = (list: readonly string[], all: number): string =>
    list.slice(0, 4).join(', ') + (all > Math.min(list.length, 4) ? ', …' : '');
  if (prefix !== '') lines.push(`  names begin with "${prefix}" in the file`);
  if (dialect !== null) lines.push(`  names are those of ${dialect}`);
  if (moved > 0) lines.push(`  ${plural(moved, 'bias', 'biases')} moved into the batch norms after them`);
  if (fit.folded > 0)
    lines.push(
      `  ${plural(fit.folded, 'batch norm')} folded into convolutions in the file: kept as norms that change nothing, so train with freezeBatchNorm`,
    );
  if (filled > 0)
    lines.push(`  ${plural(filled, 'array')} filled with the one value that their absence means`);
  if (missing > 0) lines.push(`  ${count(missing)} missing: ${names(fit.missingNames, missing)}`);
  const [first] = fit.differences;
  if (first)
    lines.push(
      `  ${count(different)} of another shape: ${first.source} is [${first.found.join(', ')}], not [${first.wanted.join(', ')}]`,
    );
  if (leftOut > 0) {
    const heads = names(fit.leftOutNames, fit.leftOutNames.length);
    lines.push(`  ${count(leftOut)} left out: classifiers and counters${heads === '' ? '' : ` (${heads})`}`);
  }
  if (unexpected > 0)
    lines.push(`  ${count(unexpected)} of no use: ${names(fit.unexpectedNames, unexpected)}`);
  return lines;
}
