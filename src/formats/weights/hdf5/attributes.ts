import { type Hdf5File, MESSAGE, type Message } from './hdf5-file.ts';

const STRING = 3;
const VARIABLE_LENGTH = 9;
/** A heap of texts is small; one that says otherwise is not read. */
const MOST_HEAP_BYTES = 16 * 2 ** 20;

/** The text of an object's attribute, null where it has none of that name. */
export async function textAttribute(
  hdf5: Hdf5File,
  messages: readonly Message[],
  wanted: string,
): Promise<string | null> {
  for (const { type, body } of messages) {
    if (type !== MESSAGE.attribute) continue;
    body.at = 0;
    const version = body.uint(1);
    const [nameBytes, typeBytes, spaceBytes] = [body.skip(1).uint(2), body.uint(2), body.uint(2)];
    // Version 1 fills every part up to 8 bytes; version 3 says the name's encoding.
    const filled = (bytes: number): number => (version === 1 ? Math.ceil(bytes / 8) * 8 : bytes);
    if (version === 3) body.skip(1);
    const name = terminated(body.bytes(filled(nameBytes)));
    if (name !== wanted) continue;
    const kind = body.uint(1) & 0xf;
    const length = body.skip(3).uint(4);
    body.skip(filled(typeBytes) - 8 + filled(spaceBytes));
    if (kind === STRING) return terminated(body.bytes(length));
    if (kind !== VARIABLE_LENGTH) return null;
    const bytes = body.uint(4);
    const heap = body.uint(hdf5.widths.offset);
    return heapText(hdf5, heap, body.uint(4), bytes);
  }
  return null;
}

/** An object of a global heap. */
async function heapText(
  hdf5: Hdf5File,
  address: number,
  index: number,
  bytes: number,
): Promise<string | null> {
  const { length } = hdf5.widths;
  const what = 'its heap of texts';
  const head = (await hdf5.cursor(address, 8 + length, what)).expect('GCOL').skip(4);
  const size = head.uint(length);
  if (size > MOST_HEAP_BYTES) head.damaged();
  const heap = (await hdf5.cursor(address, size, what)).skip(8 + length);
  while (heap.left >= 8 + length) {
    const found = heap.uint(2);
    const objectBytes = heap.skip(6).uint(length);
    if (found === 0) return null;
    if (found === index) return terminated(heap.bytes(Math.min(bytes, objectBytes)));
    heap.skip(Math.ceil(objectBytes / 8) * 8);
  }
  return null;
}

function terminated(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
