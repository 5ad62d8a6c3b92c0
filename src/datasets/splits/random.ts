/** Numbers that are the same on every machine for the same seed: xoshiro128** filled by splitmix32. */
export class SeededRandom {
  readonly #state = new Uint32Array(4);

  constructor(seed: number) {
    let mixed = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let z = mixed;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      this.#state[i] = z ^ (z >>> 16);
    }
  }

  /** Uniform in 0 .. 2^32 - 1. */
  next(): number {
    const s = this.#state as unknown as [number, number, number, number];
    const scrambled = Math.imul(rotate(Math.imul(s[1], 5), 7), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 11);
    return scrambled;
  }

  /** Uniform integer in 0 .. limit - 1, without bias. */
  below(limit: number): number {
    const fair = 2 ** 32 - (2 ** 32 % limit);
    let value = this.next();
    while (value >= fair) value = this.next();
    return value % limit;
  }

  /** Shuffles in place; every order is equally likely. */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [items[i], items[j]] = [items[j] as T, items[i] as T];
    }
    return items;
  }
}

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));
