import { createBlobReader } from '../../shared/rpc/blob-port.ts';
import { UserError } from '../../shared/rpc/errors.ts';

/** Reads a stored file by its hash in the browser. */
export async function fetchBlobByHttp(hash: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  const response = await fetch(`/blob/${hash}`, signal === undefined ? {} : { signal });
  if (!response.ok) {
    throw new UserError(
      'not-found',
      `The stored file ${hash.slice(0, 12)} could not be read (HTTP ${response.status}).`,
    );
  }
  return await response.arrayBuffer();
}

/** Reads stored files through the desktop's second port. */
export function blobReaderOf(
  port: MessagePort,
): (hash: string, signal?: AbortSignal) => Promise<ArrayBuffer> {
  const read = createBlobReader(port);
  return async (hash, signal) => {
    const bytes = await read(hash, signal === undefined ? {} : { signal });
    return bytes.buffer as ArrayBuffer;
  };
}
