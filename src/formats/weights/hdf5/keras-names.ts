import type { FoundDataset } from './groups.ts';

/** Arrays of a layer in the order in which Keras 3 numbers them. */
const FIELDS: readonly (readonly [layer: RegExp, fields: readonly string[]])[] = [
  [/^batch_normalization/, ['gamma', 'beta', 'moving_mean', 'moving_variance']],
  [/^depthwise_conv/, ['depthwise_kernel', 'bias']],
  [/^(conv|dense)/, ['kernel', 'bias']],
];

/**
 * An array as Keras names it. `model_weights/conv1/conv1/kernel:0` and `conv1/conv1/kernel:0` are `conv1/kernel`; in
 * files of Keras 3 `layers/conv2d/vars/0` is, where the group says that its layer is called conv1.
 *
 * @param siblings arrays in the same group: a norm without scale has three
 */
export function kerasName({ path, layer }: FoundDataset, siblings: number): string {
  const numbered = /([^/]+)\/vars\/(\d+)$/.exec(path);
  if (numbered) {
    const [, kind = '', number] = numbered;
    const fields = FIELDS.find(([pattern]) => pattern.test(kind))?.[1] ?? [];
    const lacksScale = kind.startsWith('batch_normalization') && siblings === fields.length - 1;
    const field = fields[Number(number) + (lacksScale ? 1 : 0)];
    return layer !== null && field !== undefined ? `${layer}/${field}` : path;
  }
  const parts = path
    .replace(/^model_weights\//, '')
    .replace(/:0$/, '')
    .split('/');
  return (parts.length > 2 ? parts.slice(1) : parts).join('/');
}
