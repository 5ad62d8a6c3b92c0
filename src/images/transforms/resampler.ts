import { FilterWeights } from './filter-weights.ts';
import { filterColumns, filterRows } from './filter-passes.ts';
import { type RgbImage, type Size, type Window, wholeImage } from './pixels.ts';

export interface ResizeOptions {
  /** Part of the source that is resized; pixels outside it have no influence. The whole image by default. */
  readonly window?: Window;
  /** Part of the result that is computed and written; the whole result by default. */
  readonly part?: Window;
  /** Where in `target` the result begins. */
  readonly offset?: number;
}

/**
 * Bilinear resize of 8-bit RGB, antialiased when it shrinks; equal to Pillow's to the last bit (horizontal pass,
 * rounding to 8 bits, vertical pass). Keeps its tables and scratch memory, so keep one a thread.
 */
export class Resampler {
  readonly #across = new FilterWeights();
  readonly #down = new FilterWeights();
  #scratch = new Uint8Array(0);

  /**
   * Resizes `window` of `source` to `size` and writes the `part` of it, [part.height, part.width, 3], into `target`.
   * @throws RangeError where the window leaves the image, or the target is too small.
   */
  resize(source: RgbImage, size: Size, target: Uint8Array, options: ResizeOptions = {}): void {
    const window = options.window ?? wholeImage(source);
    const part = options.part ?? wholeImage(size);
    const offset = options.offset ?? 0;
    mustContain(source, window, 'The crop');
    mustContain(size, part, 'The wanted part');
    if (target.length - offset < part.height * part.width * 3)
      throw new RangeError('The target is too small.');

    const across = this.#across.bilinear(window.width, size.width, part.left, part.width);
    const down = this.#down.bilinear(window.height, size.height, part.top, part.height);
    // Only the source rows that some output row looks at.
    const last = part.height - 1;
    const firstRow = down.starts[0] as number;
    const endRow = (down.starts[last] as number) + (down.counts[last] as number);
    const rows = endRow - firstRow;
    const rowBytes = part.width * 3;
    if (this.#scratch.length < rows * rowBytes) this.#scratch = new Uint8Array(rows * rowBytes);

    const stride = source.width * 3;
    const start = (window.top + firstRow) * stride + window.left * 3;
    filterRows(source.data, start, stride, rows, across, part.width, this.#scratch);
    filterColumns(this.#scratch, rowBytes, firstRow, down, part.height, target, offset);
  }
}

function mustContain(outer: Size, inner: Window, what: string): void {
  const inside =
    inner.top >= 0 &&
    inner.left >= 0 &&
    inner.height >= 1 &&
    inner.width >= 1 &&
    inner.top + inner.height <= outer.height &&
    inner.left + inner.width <= outer.width;
  if (!inside) throw new RangeError(`${what} leaves the image.`);
}
