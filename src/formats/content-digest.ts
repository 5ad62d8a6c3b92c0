import { createHash } from 'node:crypto';

/** SHA-256, hex, over the content hashes (hex) of a part's images in their order: what the part's pixels are. */
export function contentDigest(contentHashes: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const content of contentHashes) hash.update(content);
  return hash.digest('hex');
}
