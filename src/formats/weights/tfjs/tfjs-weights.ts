import { FileBytes } from '../file-bytes.ts';
import { toFloat32 } from '../element-type.ts';
import { type WeightEntry, type WeightFile, bytesOfShape, entryOf, refuse } from '../weight-file.ts';
import { type ListedWeight, parseManifest } from './manifest.ts';
import { Shards } from '../shards.ts';

/** Topologies are long; a list of arrays longer than this is none. */
const MOST_JSON_BYTES = 128 * 2 ** 20;

interface Place extends ListedWeight {
  readonly shards: Shards;
  readonly from: number;
  readonly bytes: number;
}

/** Weights of a TensorFlow.js `model.json` and its shards; those quantised to 8 or 16 bits become float32 again. */
export async function openTfjsWeights(path: string): Promise<WeightFile> {
  const groups = parseManifest(await readText(path), path);
  const opened: Shards[] = [];
  const close = async (): Promise<void> => {
    for (const shards of opened) await shards.close();
  };
  try {
    const places = new Map<string, Place>();
    for (const group of groups) {
      const shards = await Shards.open(path, group.paths);
      opened.push(shards);
      let from = 0;
      for (const weight of group.weights) {
        const bytes = bytesOfShape(weight.shape, weight.stored, path, weight.name);
        if (places.has(weight.name)) refuse(path, `it lists the array "${weight.name}" twice.`);
        places.set(weight.name, { ...weight, shards, from, bytes });
        from += bytes;
      }
      if (from !== shards.size)
        refuse(
          path,
          `its arrays need ${String(from)} bytes and its shards have ${String(shards.size)}. Fetch all shards again.`,
        );
    }
    const entries = new Map<string, WeightEntry>();
    for (const [name, { shape, type }] of places) entries.set(name, { name, shape, type });
    const packed = [...places.values()].filter(
      ({ affine, stored, type }) => affine !== null || stored !== type,
    ).length;
    return {
      format: 'tfjs',
      path,
      entries,
      notes: packed > 0 ? [`${String(packed)} arrays are quantised: their values are approximate.`] : [],
      read: async (name) => {
        const { shards, from, bytes, stored, affine } = entryOf(places, name, path);
        const values = toFloat32(await shards.read(from, bytes, `the array "${name}"`), stored);
        if (affine)
          for (let i = 0; i < values.length; i++) values[i] = values[i]! * affine.scale + affine.min;
        return values;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function readText(path: string): Promise<string> {
  const file = await FileBytes.open(path);
  try {
    if (file.size > MOST_JSON_BYTES) refuse(path, 'it is too large to be a model.json.');
    return new TextDecoder().decode(await file.read(0, file.size, 'its text'));
  } finally {
    await file.close();
  }
}
