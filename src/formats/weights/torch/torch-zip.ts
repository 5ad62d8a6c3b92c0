import type { FileBytes } from '../file-bytes.ts';
import { refuse } from '../weight-file.ts';
import { PickleReader } from './pickle.ts';
import { PickleEnds } from './pickle-bytes.ts';
import type { PickleValue } from './pickle.ts';
import { TorchHost } from './torch-host.ts';
import type { StoredRange } from './tensor.ts';
import { contentOf, zipEntries } from './zip-entries.ts';

/** What a PyTorch file holds, whatever its layout. */
export interface TorchContent {
  readonly root: PickleValue;
  readonly littleEndian: boolean;
  /** Where the values of a storage lie. @throws UserError bad-input where the file has none of that key */
  rangeOf(key: string): Promise<StoredRange>;
}

/** The pickle of a network's names and shapes is far smaller. */
export const MOST_PICKLE_BYTES = 256 * 2 ** 20;

/** The layout of PyTorch since 1.6: a zip archive with `data.pkl` and a file a storage. */
export async function readTorchZip(file: FileBytes): Promise<TorchContent> {
  const entries = await zipEntries(file);
  const pickle = [...entries.values()].find(({ name }) => /(^|\/)data\.pkl$/.test(name));
  if (!pickle)
    return refuse(
      file.path,
      'it is a zip archive without "data.pkl", so PyTorch did not write it. A .keras file is saved as .h5 first: model.save("model.h5").',
    );
  const folder = pickle.name.slice(0, -'data.pkl'.length);
  if (pickle.bytes > MOST_PICKLE_BYTES)
    refuse(file.path, 'its "data.pkl" is too large to be a list of arrays.');
  const order = entries.get(`${folder}byteorder`);
  const littleEndian =
    order === undefined ||
    new TextDecoder().decode(
      await file.read(await contentOf(file, order), Math.min(order.bytes, 16), '"byteorder"'),
    ) !== 'big';
  const host = new TorchHost(file.path);
  const bytes = await file.read(await contentOf(file, pickle), pickle.bytes, '"data.pkl"');
  let root: PickleValue;
  try {
    root = new PickleReader(bytes, host).read();
  } catch (error) {
    if (error instanceof PickleEnds)
      refuse(file.path, 'its "data.pkl" ends too early. Fetch the file again.');
    throw error;
  }
  return {
    root,
    littleEndian,
    rangeOf: async (key) => {
      const entry = entries.get(`${folder}data/${key}`);
      if (!entry) return refuse(file.path, `the storage "${key}" is missing in it. Fetch the file again.`);
      return { from: await contentOf(file, entry), bytes: entry.bytes };
    },
  };
}
