/** 64-bit hashes as two 32-bit halves, so that a million of them compare without BigInt. */
export interface HashColumns {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

/** @param hashes 16 hex digits each */
export function parseHashes(hashes: readonly string[]): HashColumns {
  const high = new Uint32Array(hashes.length);
  const low = new Uint32Array(hashes.length);
  hashes.forEach((hash, i) => {
    high[i] = Number.parseInt(hash.slice(0, 8), 16);
    low[i] = Number.parseInt(hash.slice(8), 16);
  });
  return { high, low };
}

/** Bits set in a 32-bit integer. */
export function bitCount(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Bits in which two of the hashes differ, 0 to 64. */
export function hammingDistance({ high, low }: HashColumns, a: number, b: number): number {
  return (
    bitCount((high[a] as number) ^ (high[b] as number)) + bitCount((low[a] as number) ^ (low[b] as number))
  );
}
