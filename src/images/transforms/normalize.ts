/** How a network wants its input: value = (pixel / 255 * scale - mean) / std, mean and std in the network's order. */
export interface Normalization {
  readonly channelOrder: 'RGB' | 'BGR';
  readonly scale: number;
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** x / 127.5 - 1: MobileNet and Inception as Keras trained them. */
export const MINUS_ONE_TO_ONE: Normalization = {
  channelOrder: 'RGB',
  scale: 2,
  mean: [1, 1, 1],
  std: [1, 1, 1],
};
/** Turns 8-bit RGB into float32 network input by a table of 256 values a channel. */
export class Normalizer {
  readonly #tables: readonly [Float32Array, Float32Array, Float32Array];
  /** Where channel 0, 1, 2 of the output lies within an RGB pixel. */
  readonly #channels: readonly [number, number, number];

  constructor({ channelOrder, scale, mean, std }: Normalization) {
    const table = (channel: 0 | 1 | 2): Float32Array =>
      Float32Array.from(
        { length: 256 },
        (_, value) => ((value / 255) * scale - mean[channel]) / std[channel],
      );
    this.#tables = [table(0), table(1), table(2)];
    this.#channels = channelOrder === 'RGB' ? [0, 1, 2] : [2, 1, 0];
  }

  /** `pixels` pixels of RGB from `sourceOffset` to channels last ([height, width, 3]) at `targetOffset`. */
  channelsLast(
    source: Uint8Array,
    target: Float32Array,
    pixels: number,
    sourceOffset = 0,
    targetOffset = 0,
  ): void {
    const [t0, t1, t2] = this.#tables;
    const [c0, c1, c2] = this.#channels;
    let from = sourceOffset;
    let to = targetOffset;
    for (let i = 0; i < pixels; i++) {
      target[to] = t0[source[from + c0] as number] as number;
      target[to + 1] = t1[source[from + c1] as number] as number;
      target[to + 2] = t2[source[from + c2] as number] as number;
      from += 3;
      to += 3;
    }
  }

  /** As above, channels first ([3, height, width]). */
  channelsFirst(
    source: Uint8Array,
    target: Float32Array,
    pixels: number,
    sourceOffset = 0,
    targetOffset = 0,
  ): void {
    for (let channel = 0; channel < 3; channel++) {
      const table = this.#tables[channel] as Float32Array;
      const shift = sourceOffset + (this.#channels[channel] as number);
      const to = targetOffset + channel * pixels;
      for (let i = 0; i < pixels; i++) target[to + i] = table[source[shift + i * 3] as number] as number;
    }
  }
}
