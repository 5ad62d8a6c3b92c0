import { close, fstatSync, open, read } from 'node:fs';
import { promisify } from 'node:util';

const openFile = promisify(open);
const readFrom = promisify(read);

export interface OpenFile {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** The first bytes, at most so many; fewer where the file is shorter. */
  read(bytes: number): Promise<Uint8Array>;
  close(): void;
}

/**
 * A file for reading with two trips to the thread pool, opening and reading: `stat` and `readFile` would take five, which
 * a small picture notices. What its open descriptor knows is asked at once.
 */
export async function openOnce(path: string): Promise<OpenFile> {
  const fd = await openFile(path, 'r');
  const shut = (): void => close(fd, () => undefined);
  try {
    const { size, mtimeMs } = fstatSync(fd);
    return {
      sizeBytes: size,
      modifiedMs: Math.trunc(mtimeMs),
      async read(bytes) {
        const length = Math.min(bytes, size);
        const buffer = takeBuffer(length);
        let filled = 0;
        while (filled < length) {
          const { bytesRead } = await readFrom(fd, buffer, filled, length - filled, filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return buffer.subarray(0, filled);
      },
      close: shut,
    };
  } catch (error) {
    shut();
    throw error;
  }
}

/** Larger ones are not kept. */
const KEPT_BYTES = 4 * 2 ** 20;
const kept: Buffer[] = [];

/** New memory for every file would have to be cleared by the system and collected by the engine of the language. */
function takeBuffer(bytes: number): Buffer {
  const buffer = bytes <= KEPT_BYTES ? kept.pop() : undefined;
  if (buffer !== undefined && buffer.length >= bytes) return buffer;
  return Buffer.allocUnsafeSlow(bytes <= KEPT_BYTES ? Math.max(bytes, 2 ** 18) : bytes);
}

/** Gives the memory of bytes that were read back for the next file; whoever still looks at them sees others. */
export function giveBack(bytes: Uint8Array): void {
  if (bytes.buffer.byteLength <= KEPT_BYTES) kept.push(Buffer.from(bytes.buffer as ArrayBuffer));
}
