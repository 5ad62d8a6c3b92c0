import { refuse } from '../weight-file.ts';
import type { PickleMap, PickleValue } from './pickle.ts';
import { Tensor } from './tensor.ts';

/** Where checkpoints keep the arrays of their network, the likeliest first. */
const KEYS = [
  'state_dict',
  'model_state_dict',
  'model',
  'net',
  'network',
  'backbone',
  'module',
  'weights',
  'params',
  'state_dict_ema',
  'model_ema',
  'ema',
];

/** A checkpoint is nested at most so deep before its arrays come. */
const DEEPEST = 4;

export interface StateDict {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly notes: readonly string[];
}

/** The arrays of a network in what a pickle held. @throws UserError bad-input where there are none */
export function findStateDict(root: PickleValue, path: string): StateDict {
  const found = root instanceof Map ? search(root, []) : null;
  if (found) return found;
  return refuse(
    path,
    'it holds no state_dict: a dictionary from names to tensors. Save one in PyTorch: torch.save(model.state_dict(), "weights.pth").',
  );
}

function search(map: PickleMap, under: readonly string[]): StateDict | null {
  const tensors = new Map<string, Tensor>();
  const others: string[] = [];
  const inner: [key: string, value: PickleMap][] = [];
  for (const [key, value] of map) {
    if (typeof key !== 'string') continue;
    const tensor = tensorOf(value);
    if (tensor) tensors.set(key, tensor);
    else if (value instanceof Map) inner.push([key, value]);
    else others.push(key);
  }
  // A checkpoint may keep a step counter as a tensor beside its dictionaries: one tensor alone is no network.
  if (tensors.size > 1 || (tensors.size > 0 && inner.length === 0)) {
    const where = under.length > 0 ? [`The arrays lie under "${under.join('.')}".`] : [];
    return { tensors, notes: where };
  }
  if (under.length === DEEPEST) return null;
  const rank = (key: string): number => (KEYS.includes(key) ? KEYS.indexOf(key) : KEYS.length);
  for (const [key, value] of inner.sort(([a], [b]) => rank(a) - rank(b))) {
    if (/optim|sched|scaler/i.test(key)) continue;
    const found = search(value, [...under, key]);
    if (found) return found;
  }
  return null;
}

function tensorOf(value: PickleValue): Tensor | null {
  const isObject = typeof value === 'object' && value !== null && 'object' in value;
  return isObject && value.object instanceof Tensor ? value.object : null;
}
