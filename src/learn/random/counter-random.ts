/** A source of random numbers that is a function of its keys: the same keys give the same numbers, in any order of use. */
export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  next(): number;
  /** Uniform integer in [0, below). */
  below(below: number): number;
  /** Standard normal. */
  normal(): number;
}

/** Mixes 32 bits so that close inputs give unrelated outputs (the finaliser of MurmurHash3, public domain). */
function mix(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** One 32-bit value from any number of integer keys. */
export function hashKeys(keys: readonly number[]): number {
  let state = 0x9e3779b9;
  for (const key of keys) state = mix(Math.imul(state ^ mix(key | 0), 0x9e3779b1) + 0x7f4a7c15);
  return state;
}

/**
 * Counter-based random numbers: number i is a hash of (keys, i), so nothing has to be saved to resume: a run names the
 * epoch and the sample again and gets the same draws.
 */
export function createRandom(...keys: readonly number[]): Random {
  const low = hashKeys([...keys, 1]);
  const high = hashKeys([...keys, 2]);
  let counter = 0;
  const bits = (): number => {
    counter += 1;
    return mix(mix(Math.imul(counter, 0x9e3779b1) ^ low) + high);
  };
  const next = (): number => bits() / 0x1_0000_0000;
  return {
    next,
    below: (below) => Math.floor(next() * below),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

/** A random order of 0 .. count - 1 (Fisher and Yates). */
export function shuffledIndices(count: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const kept = order[i] as number;
    order[i] = order[j] as number;
    order[j] = kept;
  }
  return order;
}
