import { z } from 'zod';
import { BYTES_OF, type ElementType } from '../element-type.ts';
import { refuse } from '../weight-file.ts';

const Quantization = z.object({
  dtype: z.enum(['uint8', 'uint16', 'float16']),
  scale: z.number().optional(),
  min: z.number().optional(),
});
const Weight = z.object({
  name: z.string(),
  shape: z.array(z.number()),
  dtype: z.string(),
  quantization: Quantization.optional(),
});
const Model = z.object({
  weightsManifest: z.array(z.object({ paths: z.array(z.string()).min(1), weights: z.array(Weight) })),
});

/** How stored values become weights: value = stored * scale + min. */
export interface Affine {
  readonly scale: number;
  readonly min: number;
}

export interface ListedWeight {
  readonly name: string;
  readonly shape: readonly number[];
  /** What the array is. */
  readonly type: ElementType;
  /** What its bytes are. */
  readonly stored: ElementType;
  readonly affine: Affine | null;
}

/** Files whose bytes, one after another, are those of the arrays, one after another. */
export interface ShardGroup {
  readonly paths: readonly string[];
  readonly weights: readonly ListedWeight[];
}

/** The lists of arrays in a `model.json`. @throws UserError bad-input */
export function parseManifest(json: string, path: string): ShardGroup[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return refuse(path, 'it is not whole JSON. Fetch the file again.');
  }
  const model = Model.safeParse(parsed);
  if (!model.success)
    return refuse(
      path,
      'it has no list of arrays ("weightsManifest"), so it is no model.json of TensorFlow.js. Name the model.json beside the shards.',
    );
  return model.data.weightsManifest.map(({ paths, weights }) => ({
    paths,
    weights: weights.map((weight) => describe(weight, path)),
  }));
}

function describe({ name, shape, dtype, quantization }: z.infer<typeof Weight>, path: string): ListedWeight {
  const type = elementOf(dtype);
  if (!type)
    return refuse(
      path,
      `the array "${name}" is of type "${dtype}", and numbers are read here. Convert the model without it.`,
    );
  if (!quantization) return { name, shape, type, stored: type, affine: null };
  if (quantization.dtype === 'float16') return { name, shape, type, stored: 'float16', affine: null };
  const { scale, min } = quantization;
  if (scale === undefined || min === undefined || !Number.isFinite(scale) || !Number.isFinite(min))
    return refuse(path, `the array "${name}" is quantised without a scale. Convert the model again.`);
  return { name, shape, type, stored: quantization.dtype, affine: { scale, min } };
}

const elementOf = (dtype: string): ElementType | null =>
  Object.hasOwn(BYTES_OF, dtype) ? (dtype as ElementType) : null;
