import { createHash } from 'node:crypto';
import type { Protocol } from '#shared/domain/evaluation.ts';

/** Adds the hash: SHA-256 of the other fields as JSON with sorted names. Equal hashes mean comparable scores. */
export function withHash(protocol: Omit<Protocol, 'hash'>): Protocol {
  const sorted = Object.entries(protocol)
    .filter(([name]) => name !== 'hash')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256')
    .update(JSON.stringify(Object.fromEntries(sorted)))
    .digest('hex');
  return { ...protocol, hash };
}
