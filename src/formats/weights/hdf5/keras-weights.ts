import { FileBytes } from '../file-bytes.ts';
import { type WeightEntry, type WeightFile, entryOf, refuse } from '../weight-file.ts';
import { type Dataset, describeDataset } from './dataset.ts';
import { findDatasets } from './groups.ts';
import { Hdf5File } from './hdf5-file.ts';
import { kerasName } from './keras-names.ts';
import { readDataset } from './read-dataset.ts';

/**
 * Weights in an HDF5 file of Keras: a whole model (`model.save`) or weights alone (`save_weights`). An array is named as
 * Keras names it, without the group of its layer and without ":0": `conv1/kernel`.
 */
export async function openKerasWeights(path: string): Promise<WeightFile> {
  const file = await FileBytes.open(path);
  try {
    const hdf5 = await Hdf5File.open(file);
    const found = await findDatasets(hdf5);
    const notes: string[] = [];
    const kept = found.filter((one) => !one.path.startsWith('optimizer'));
    if (kept.length < found.length) notes.push("The optimizer's arrays were left out.");
    const groups = new Map<string, number>();
    for (const one of kept) groups.set(groupOf(one.path), (groups.get(groupOf(one.path)) ?? 0) + 1);
    const datasets = new Map<string, Dataset>();
    for (const one of kept) {
      const dataset = describeDataset(hdf5, one);
      if (!dataset) continue;
      const short = kerasName(one, groups.get(groupOf(one.path)) ?? 0);
      datasets.set(datasets.has(short) ? one.path : short, dataset);
    }
    if ([...datasets.keys()].some((name) => /(^|\/)vars\/\d+$/.test(name)))
      notes.push(
        'Some arrays have numbers instead of names. Save the whole model as .h5, which keeps the names: model.save("model.h5").',
      );
    if (datasets.size === 0)
      refuse(path, 'it holds no arrays. Save the weights in Keras: model.save_weights("weights.h5").');
    const entries = new Map<string, WeightEntry>();
    for (const [name, { shape, type }] of datasets) entries.set(name, { name, shape, type });
    return {
      format: 'keras-h5',
      path,
      entries,
      notes,
      read: async (name) => readDataset(hdf5, entryOf(datasets, name, path)),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

const groupOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
