/** How a filter lies in a file: as here [kh, kw, in, out], or as torch has it. */
export type FilterLayout = 'ours' | 'torch-conv' | 'torch-depthwise';

/** Layouts in which an array of the file's shape is the wanted one; none where it is another array. */
export function fittingLayouts(wanted: readonly number[], found: readonly number[]): FilterLayout[] {
  if (wanted.length !== 4) {
    // Files of Caffe models have vectors as [1, n].
    const squeezed = found.length > 1 ? found.filter((size) => size !== 1) : found;
    return wanted.join() === squeezed.join() || wanted.join() === found.join() ? ['ours'] : [];
  }
  const [height, width, into, out] = wanted as [number, number, number, number];
  const shapes: readonly (readonly [FilterLayout, readonly number[]])[] = [
    ['torch-conv', [out, into, height, width]],
    ['torch-depthwise', out === 1 ? [into, 1, height, width] : []],
    ['ours', wanted],
  ];
  return shapes.filter(([, shape]) => shape.join() === found.join()).map(([layout]) => layout);
}

/** The values as [kh, kw, in, out]. @param shape the wanted one */
export function toOurLayout(
  values: Float32Array<ArrayBuffer>,
  layout: FilterLayout,
  shape: readonly number[],
): Float32Array<ArrayBuffer> {
  if (layout === 'ours') return values;
  const [height, width, into, out] = shape as [number, number, number, number];
  const result = new Float32Array(values.length);
  const window = height * width;
  // torch-conv is [out, in, window], torch-depthwise [in, out = 1, window]: with one output or one input these agree.
  const [outer, inner] = layout === 'torch-conv' ? [out, into] : [into, out];
  const [outerStep, innerStep] = layout === 'torch-conv' ? [1, out] : [out, 1];
  let at = 0;
  for (let a = 0; a < outer; a++)
    for (let b = 0; b < inner; b++)
      for (let w = 0; w < window; w++) result[w * into * out + a * outerStep + b * innerStep] = values[at++]!;
  return result;
}
