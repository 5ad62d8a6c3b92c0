/** Fixed-point bits of a weight: 8-bit pixels and two guard bits leave 22 of 32, the precision that Pillow uses. */
export const WEIGHT_BITS = 22;

/**
 * Weights of a one-dimensional triangle filter, kept between calls so that a resize allocates nothing.
 * Output `i` is the sum over t < `counts[i]` of `weights[i * stride + t] * input[starts[i] + t]`.
 */
export class FilterWeights {
  starts = new Int32Array(0);
  counts = new Int32Array(0);
  weights = new Int32Array(0);
  stride = 0;
  #exact = new Float64Array(0);

  /**
   * Bilinear interpolation with half-pixel centres; when it shrinks, the triangle is widened by the reduction
   * factor (antialiasing). Computes outputs `first` to `first + count - 1` of a line of `input` pixels resized to
   * `output` pixels. Weights are those of Pillow's 8-bit path, bit for bit.
   */
  bilinear(input: number, output: number, first: number, count: number): this {
    const scale = input / output;
    const filterScale = Math.max(scale, 1);
    const support = filterScale;
    const stride = Math.ceil(support) * 2 + 1;
    this.#reserve(count, stride);
    const { starts, counts, weights } = this;
    const exact = this.#exact;
    const inverse = 1 / filterScale;
    for (let i = 0; i < count; i++) {
      const center = (first + i + 0.5) * scale;
      const start = Math.max(0, Math.trunc(center - support + 0.5));
      const end = Math.min(input, Math.trunc(center + support + 0.5));
      let sum = 0;
      for (let t = 0; t < end - start; t++) {
        const distance = Math.abs((t + start - center + 0.5) * inverse);
        const weight = distance < 1 ? 1 - distance : 0;
        exact[t] = weight;
        sum += weight;
      }
      const row = i * stride;
      const norm = sum === 0 ? 1 : 1 / sum;
      let taps = 0;
      for (let t = 0; t < end - start; t++) {
        const fixed = Math.trunc(0.5 + (exact[t] as number) * norm * (1 << WEIGHT_BITS));
        weights[row + t] = fixed;
        if (fixed !== 0) taps = t + 1;
      }
      starts[i] = start;
      counts[i] = taps;
    }
    return this;
  }

  #reserve(count: number, stride: number): void {
    this.stride = stride;
    if (this.starts.length < count) {
      this.starts = new Int32Array(count);
      this.counts = new Int32Array(count);
    }
    if (this.weights.length < count * stride) this.weights = new Int32Array(count * stride);
    if (this.#exact.length < stride) this.#exact = new Float64Array(stride);
  }
}
