import type { PixelScaling } from './network.ts';

/** Mean and deviation of ImageNet's colours, as torchvision's and most of timm's networks were trained with. */
export const IMAGENET_COLOURS = standardised([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);

/** -1 to 1: Keras, the Inception networks and everything that was converted from TensorFlow. */
export const MINUS_ONE_TO_ONE: PixelScaling = { order: 'rgb', scale: 1 / 127.5, offset: -1 };

/** Caffe: bytes in the order blue, green, red, less the mean of each. */
export const CAFFE_BGR: PixelScaling = { order: 'bgr', scale: 1, offset: [-104, -117, -128] };

function standardised(
  mean: readonly [number, number, number],
  deviation: readonly [number, number, number],
): PixelScaling {
  const [r, g, b] = deviation;
  return {
    order: 'rgb',
    scale: [1 / (255 * r), 1 / (255 * g), 1 / (255 * b)],
    offset: [-mean[0] / r, -mean[1] / g, -mean[2] / b],
  };
}
