import type { PixelCache } from '#images/pixel-cache/pixel-cache.ts';
import { flipHorizontally } from '#images/transforms/horizontal-flip.ts';
import { DEFAULT_RATIO, randomResizedCropWindow } from '#images/transforms/random-resized-crop.ts';
import { Resampler } from '#images/transforms/resampler.ts';
import { createRandom } from '#learn/random/counter-random.ts';
import { RANDOM_STREAM } from '#learn/samplers/shuffled-batches.ts';

export interface Augmentation {
  readonly size: number;
  readonly seed: number;
  readonly cropScaleMin: number;
  readonly flip: boolean;
}

/** When a view is cut; the same moment and sample give the same window. */
export interface ViewMoment {
  readonly epoch: number;
  /** Where a sample may come more than once in an epoch: the step, so that each time has its own window. */
  readonly step?: number;
}

/** Cuts random windows out of cached images. What is drawn depends on seed, moment and sample alone. */
export class AugmentedBatches {
  readonly #cache: PixelCache;
  readonly #options: Augmentation;
  readonly #resampler = new Resampler();
  readonly #source: Uint8Array;
  readonly #view: Uint8Array;

  constructor(cache: PixelCache, options: Augmentation) {
    this.#cache = cache;
    this.#options = options;
    this.#source = new Uint8Array(cache.maxBytes);
    this.#view = new Uint8Array(options.size * options.size * 3);
  }

  /** Writes the views of `samples` to `target`, [samples, size, size, 3], values 0 to 255. */
  fill(samples: Int32Array, { epoch, step }: ViewMoment, target: Float32Array): void {
    const { size, seed, cropScaleMin, flip } = this.#options;
    const square = { width: size, height: size };
    for (const [i, sample] of samples.entries()) {
      // Copies inside a batch are told apart by their place.
      const place = step === undefined ? [] : [step, i];
      const random = createRandom(seed, RANDOM_STREAM.augmentation, epoch, sample, ...place);
      // Drawn before the crop, whose number of draws varies.
      const mirrored = random.next() < 0.5;
      this.#cache.readIntoSync(sample, this.#source);
      const image = { data: this.#source, ...this.#cache.sizeOf(sample) };
      const window = randomResizedCropWindow(image, { scale: [cropScaleMin, 1], ratio: DEFAULT_RATIO }, () =>
        random.next(),
      );
      this.#resampler.resize(image, square, this.#view, { window });
      if (flip && mirrored) flipHorizontally(this.#view, square);
      target.set(this.#view, i * this.#view.length);
    }
  }
}
