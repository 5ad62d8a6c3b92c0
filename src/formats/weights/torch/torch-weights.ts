import { FileBytes } from '../file-bytes.ts';
import { type WeightEntry, type WeightFile, entryOf } from '../weight-file.ts';
import { findStateDict } from './state-dict.ts';
import { extentOf, readTensor } from './tensor.ts';
import { readTorchLegacy } from './torch-legacy.ts';
import { readTorchZip } from './torch-zip.ts';

/**
 * Weights that PyTorch saved, as a zip archive or in the layout before 1.6. Python is neither needed nor run.
 * @throws UserError bad-input with what is wrong, or with the name that the pickle asks for
 */
export async function openTorchWeights(path: string, layout: 'zip' | 'legacy'): Promise<WeightFile> {
  const file = await FileBytes.open(path);
  try {
    const content = await (layout === 'zip' ? readTorchZip(file) : readTorchLegacy(file));
    const { tensors, notes } = findStateDict(content.root, path);
    const entries = new Map<string, WeightEntry>();
    for (const [name, tensor] of tensors) {
      extentOf(tensor, path, name);
      entries.set(name, { name, shape: tensor.shape, type: tensor.storage.type });
    }
    return {
      format: 'pytorch',
      path,
      entries,
      notes,
      read: async (name) => {
        const tensor = entryOf(tensors, name, path);
        const range = await content.rangeOf(tensor.storage.key);
        return readTensor(file, range, tensor, name, content.littleEndian);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}
