import { BYTES_OF } from '../element-type.ts';
import type { FileBytes } from '../file-bytes.ts';
import { refuse } from '../weight-file.ts';
import { PickleReader } from './pickle.ts';
import { PickleEnds } from './pickle-bytes.ts';
import type { PickleValue } from './pickle.ts';
import { TorchHost } from './torch-host.ts';
import type { StoredRange } from './tensor.ts';
import { MOST_PICKLE_BYTES, type TorchContent } from './torch-zip.ts';

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;
const FIRST_WINDOW = 1 << 20;

/**
 * The layout of PyTorch before 1.6: five pickles (magic number, protocol, machine, object, keys of the storages), then
 * each storage as its length in 8 bytes and its values.
 */
export async function readTorchLegacy(file: FileBytes): Promise<TorchContent> {
  const { host, root, keys, littleEndian, end } = await readPickles(file);
  const ranges = new Map<string, StoredRange>();
  let at = end;
  for (const key of keys) {
    const storage = host.storages.get(key);
    if (!storage) return refuse(file.path, `no tensor uses its storage "${key}". Fetch the file again.`);
    const head = new DataView((await file.read(at, 8, `the storage "${key}"`)).buffer);
    const length = Number(head.getBigInt64(0, littleEndian));
    if (length !== storage.length)
      refuse(
        file.path,
        `the storage "${key}" holds ${String(length)} values and not ${String(storage.length)}. The file is damaged: fetch it again.`,
      );
    const bytes = length * BYTES_OF[storage.type];
    file.check(at + 8, bytes, `the storage "${key}"`);
    ranges.set(key, { from: at + 8, bytes });
    at += 8 + bytes;
  }
  return {
    root,
    littleEndian,
    rangeOf: (key) =>
      Promise.resolve(
        ranges.get(key) ?? refuse(file.path, `the storage "${key}" is missing in it. Fetch the file again.`),
      ),
  };
}

interface Pickles {
  readonly host: TorchHost;
  readonly root: PickleValue;
  readonly keys: readonly string[];
  readonly littleEndian: boolean;
  /** First byte after the pickles. */
  readonly end: number;
}

/** Where the pickles end is known only once they are read: the window grows until they fit. */
async function readPickles(file: FileBytes): Promise<Pickles> {
  for (let window = FIRST_WINDOW; ; window *= 4) {
    const length = Math.min(window, file.size, MOST_PICKLE_BYTES);
    try {
      return parsePickles(await file.read(0, length, 'its pickle'), file.path);
    } catch (error) {
      if (!(error instanceof PickleEnds)) throw error;
      if (length < window)
        return refuse(file.path, 'its list of arrays ends too early. It was cut off: fetch it again.');
    }
  }
}

function parsePickles(bytes: Uint8Array, path: string): Pickles {
  const host = new TorchHost(path);
  const reader = new PickleReader(bytes, host);
  if (reader.read() !== MAGIC)
    return refuse(path, 'it is a pickle and not a PyTorch file. Save a state_dict with torch.save.');
  const protocol = reader.read();
  if (protocol !== PROTOCOL)
    return refuse(
      path,
      'its protocol is not 1001, the only one that there was. Save it anew with torch.save.',
    );
  const machine = reader.read();
  const root = reader.read();
  const keys = reader.read();
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string'))
    return refuse(path, 'its list of storages is damaged. Fetch it again.');
  const littleEndian = !(machine instanceof Map) || machine.get('little_endian') !== false;
  return { host, root, keys, littleEndian, end: reader.position };
}
