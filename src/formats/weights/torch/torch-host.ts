import type { ElementType } from '../element-type.ts';
import { refuse } from '../weight-file.ts';
import type { PickleGlobal, PickleHost, PickleValue } from './pickle.ts';
import { type Storage, Tensor } from './tensor.ts';

const STORAGES: Readonly<Record<string, ElementType>> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
};

type Build = (args: readonly PickleValue[], host: TorchHost) => PickleValue;

/** Every name that a file may call. Anything else is refused by its name: a pickle may run whatever it names. */
const CALLS: Readonly<Record<string, Build>> = {
  'collections.OrderedDict': ([pairs = []], host) => {
    if (!Array.isArray(pairs)) return host.damaged();
    return new Map(
      pairs.map((pair) => (Array.isArray(pair) && pair.length === 2 ? [pair[0]!, pair[1]!] : host.damaged())),
    );
  },
  'torch._utils._rebuild_tensor': ([storage, offset, shape, strides], host) =>
    host.tensor(storage, offset, shape, strides),
  'torch._utils._rebuild_tensor_v2': ([storage, offset, shape, strides], host) =>
    host.tensor(storage, offset, shape, strides),
  'torch._utils._rebuild_parameter': ([tensor], host) => tensor ?? host.damaged(),
};

/** What PyTorch's pickles may name: storages, tensors and ordered dictionaries. */
export class TorchHost implements PickleHost {
  readonly path: string;
  readonly #storages = new Map<string, Storage>();
  /** Views of older files, by their own key: which storage they are part of, and from which value. */
  readonly #views = new Map<string, { readonly storage: Storage; readonly offset: number }>();

  constructor(path: string) {
    this.path = path;
  }

  get storages(): ReadonlyMap<string, Storage> {
    return this.#storages;
  }

  global(name: string): PickleGlobal {
    const storage = /^torch\.(?:cuda\.)?(\w+Storage)$/.exec(name)?.[1];
    const isKnown = Object.hasOwn(CALLS, name) || (storage !== undefined && Object.hasOwn(STORAGES, storage));
    if (isKnown) return { global: name };
    const isProgram = name.startsWith('__torch__');
    return this.refuse(
      isProgram
        ? `it is a TorchScript program (it names "${name}"). Save its arrays: torch.save(model.state_dict(), "weights.pth").`
        : `its pickle names "${name}", which is no array and is not run here. Save the arrays alone in PyTorch: torch.save(model.state_dict(), "weights.pth").`,
    );
  }

  call({ global }: PickleGlobal, args: readonly PickleValue[]): PickleValue {
    const build = Object.hasOwn(CALLS, global) ? CALLS[global] : undefined;
    return build
      ? build(args, this)
      : this.refuse(`its pickle calls "${global}", which is no function of tensors.`);
  }

  /** A storage: `('storage', class, key, place, length)`, in older files with `(view key, offset, length)` or None after. */
  persistent(id: PickleValue): PickleValue {
    if (!Array.isArray(id)) return this.damaged();
    const [kind, kept, key, , length, view] = id;
    const named = typeof kept === 'object' && kept !== null && 'global' in kept ? kept.global : '';
    const type = STORAGES[named.split('.').at(-1) ?? ''];
    const isWhole = kind === 'storage' && typeof key === 'string' && typeof length === 'number';
    if (!isWhole || type === undefined) return this.damaged();
    const known = this.#storages.get(key);
    if (known && (known.type !== type || known.length !== length))
      return this.refuse(
        `two tensors disagree on their storage "${key}". The file is damaged: fetch it again.`,
      );
    const storage = known ?? { key, type, length };
    this.#storages.set(key, storage);
    if (!Array.isArray(view)) return { object: { storage, offset: 0 } };
    const [viewKey, offset] = view;
    if (typeof viewKey !== 'string' || typeof offset !== 'number') return this.damaged();
    const made = this.#views.get(viewKey) ?? { storage, offset };
    this.#views.set(viewKey, made);
    return { object: made };
  }

  tensor(
    storage: PickleValue | undefined,
    offset: PickleValue | undefined,
    shape: PickleValue | undefined,
    strides: PickleValue | undefined,
  ): PickleValue {
    const view =
      typeof storage === 'object' && storage !== null && 'object' in storage ? storage.object : null;
    if (!isView(view) || typeof offset !== 'number' || !isNumbers(shape) || !isNumbers(strides))
      return this.damaged();
    return { object: new Tensor(view.storage, view.offset + offset, shape, strides) };
  }

  damaged(): never {
    return this.refuse('its pickle describes no tensor where one should be. Fetch the file again.');
  }

  refuse(sentence: string): never {
    return refuse(this.path, sentence);
  }
}

const isView = (value: unknown): value is { storage: Storage; offset: number } =>
  typeof value === 'object' && value !== null && 'storage' in value && 'offset' in value;

const isNumbers = (value: PickleValue | undefined): value is number[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'number');
