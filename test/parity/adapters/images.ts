import { createRandom } from '#learn/random/counter-random.ts';
import { centerCrop, centerCropOffset } from '#images/transforms/center-crop.ts';
import { evaluationCrop } from '#images/transforms/evaluation-crop.ts';
import { flipHorizontally } from '#images/transforms/horizontal-flip.ts';
import { MINUS_ONE_TO_ONE, type Normalization, Normalizer } from '#images/transforms/normalize.ts';
import type { RgbImage } from '#images/transforms/pixels.ts';
import {
  type RandomResizedCropOptions,
  randomResizedCropWindow,
} from '#images/transforms/random-resized-crop.ts';
import { Resampler } from '#images/transforms/resampler.ts';
import { shorterSideSize } from '#images/transforms/shorter-side.ts';
import { type Adapter, type Check, type ParityCase, check, exact, numberOf, tensorOf } from '../case.ts';

type Compare = (example: ParityCase) => readonly Check[];

const resampler = new Resampler();

function imageOf({ inputs }: ParityCase): RgbImage {
  const { data, shape } = inputs['image']!;
  return { data: Uint8Array.from(data), height: shape[0]!, width: shape[1]! };
}

/** Channels-first network input of an image. */
function normalized(image: RgbImage, options: Normalization): Float32Array {
  const pixels = image.width * image.height;
  const values = new Float32Array(pixels * 3);
  new Normalizer(options).channelsFirst(image.data, values, pixels);
  return values;
}

const optionsOf = ({ params }: ParityCase): Normalization => params as unknown as Normalization;

const TRANSFORMS: Readonly<Record<string, Compare>> = {
  'resize-shorter-side': (example) => {
    const image = imageOf(example);
    const size = shorterSideSize(image, numberOf(example.params['size']));
    const out = new Uint8Array(size.height * size.width * 3);
    resampler.resize(image, size, out);
    return [
      exact('size', [size.height, size.width], example.expected['size'] as number[]),
      // Ours rounds to 8 bits between the passes like Pillow, so it is held to the bit, tighter than the file asks.
      exact('pillow', out, tensorOf(example.expected['pillow']).data),
    ];
  },
  'centre-crop': (example) => {
    const crop = { height: numberOf(example.params['height']), width: numberOf(example.params['width']) };
    const out = new Uint8Array(crop.height * crop.width * 3);
    centerCrop(imageOf(example), crop, out);
    return [exact('image', out, tensorOf(example.expected['image']).data)];
  },
  'centre-crop-offset': ({ params, expected }) =>
    Object.entries(expected['offset'] as Record<string, number>).map(([length, want]) =>
      exact(`offset of ${length}`, [centerCropOffset(Number(length), numberOf(params['crop']))], [want]),
    ),
  'crop-and-resize': (example) => {
    const [top, left, height, width, size] = ['top', 'left', 'height', 'width', 'size'].map((name) =>
      numberOf(example.params[name]),
    );
    const out = new Uint8Array(size! * size! * 3);
    const window = { top: top!, left: left!, height: height!, width: width! };
    resampler.resize(imageOf(example), { height: size!, width: size! }, out, { window });
    return [check('pillow', out, tensorOf(example.expected['pillow']).data, example, ['pillow'])];
  },
  'random-resized-crop-window': (example) =>
    example.expected['rows'] === undefined ? windowStatistics(example) : givenDraws(example),
  normalise: (example) => [
    check(
      'tensor',
      normalized(imageOf(example), optionsOf(example)),
      tensorOf(example.expected['tensor']).data,
      example,
      [],
    ),
  ],
  evaluation: (example) => {
    const crop = numberOf(example.params['crop']);
    const out = new Uint8Array(crop * crop * 3);
    evaluationCrop(resampler, imageOf(example), { resize: numberOf(example.params['resize']), crop }, out);
    const values = normalized({ data: out, width: crop, height: crop }, optionsOf(example));
    return [check('tensor', values, tensorOf(example.expected['tensor']).data, example, [])];
  },
  flip: (example) => {
    const image = imageOf(example);
    flipHorizontally(image.data, image);
    return [exact('image', image.data, tensorOf(example.expected['image']).data)];
  },
  'scale-minus1-1': (example) => {
    const got = example.inputs['values']!.data.map((value) => {
      const pixel = new Float32Array(3);
      new Normalizer(MINUS_ONE_TO_ONE).channelsLast(Uint8Array.of(value, value, value), pixel, 1);
      return pixel[0]!;
    });
    return [check('values', got, tensorOf(example.expected['values']).data, example, [])];
  },
};

export const compareImages: Adapter = async (example) => {
  const transform = String(example.params['transform']);
  return TRANSFORMS[transform]?.(example) ?? { skip: `no transform named ${transform} yet` };
};

const cropOptions = ({ params }: ParityCase): RandomResizedCropOptions =>
  params as unknown as RandomResizedCropOptions;

interface GivenDraw {
  readonly height: number;
  readonly width: number;
  readonly draws: readonly (number | readonly number[])[];
  readonly crop: readonly [top: number, left: number, height: number, width: number];
}

function givenDraws(example: ParityCase): Check[] {
  return (example.expected['rows'] as GivenDraw[]).map((row, i) => {
    const draws = row.draws.flat();
    let at = 0;
    const window = randomResizedCropWindow(row, cropOptions(example), () => draws[at++] ?? 0);
    return exact(`window ${i}`, [window.top, window.left, window.height, window.width], row.crop);
  });
}

const WINDOWS = 40_000;

function windowStatistics(example: ParityCase): Check[] {
  return Object.entries(example.expected as Record<string, Record<string, number>>).flatMap(
    ([size, want]) => {
      const [height = 0, width = 0] = size.split('x').map(Number);
      const random = createRandom(height, width);
      const windows = Array.from({ length: WINDOWS }, () =>
        randomResizedCropWindow({ height, width }, cropOptions(example), () => random.next()),
      );
      const mean = (value: (w: (typeof windows)[number]) => number): number =>
        windows.reduce((sum, window) => sum + value(window), 0) / WINDOWS;
      const areaMean = mean((w) => (w.height * w.width) / (height * width));
      const areaSquare = mean((w) => ((w.height * w.width) / (height * width)) ** 2);
      const got: Record<string, number> = {
        areaMean,
        areaStd: Math.sqrt(areaSquare - areaMean ** 2),
        ratioMean: mean((w) => w.width / w.height),
        logRatioStd: Math.sqrt(
          mean((w) => Math.log(w.width / w.height) ** 2) - mean((w) => Math.log(w.width / w.height)) ** 2,
        ),
        centreYMean: mean((w) => (w.top + w.height / 2) / height),
      };
      return Object.keys(got).map((name) =>
        check(`${name} of ${size}`, [got[name]!], [want[name]!], example, []),
      );
    },
  );
}
