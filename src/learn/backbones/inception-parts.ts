import { type ConvolutionOptions, type Part, convolution, torchNorm } from './parts.ts';

/** Convolution without bias, batch norm and ReLU, named `<name>.conv` and `<name>.bn` as torchvision and timm do. */
export const basic = (
  name: string,
  size: number | readonly [number, number],
  out: number,
  options?: ConvolutionOptions,
): Part => convolution({ filter: `${name}.conv.weight`, norm: torchNorm(`${name}.bn`) }, size, out, options);

/** `basic` below the name of a block. */
export const within =
  (block: string) =>
  (name: string, size: number | readonly [number, number], out: number, options?: ConvolutionOptions): Part =>
    basic(`${block}.${name}`, size, out, options);

/** Windows inside the image only. */
export const VALID = { padding: 0 } as const;
/** The same at every second place. */
export const HALVED = { padding: 0, stride: 2 } as const;
