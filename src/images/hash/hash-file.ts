import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 of bytes in memory, hex. */
export const hashBytes = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');

/** SHA-256 of a file's bytes, hex, read in pieces. */
export async function hashFile(path: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }))
    digest.update(chunk as Buffer);
  return digest.digest('hex');
}
