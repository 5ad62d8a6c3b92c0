import { open, realpath } from 'node:fs/promises';
import nodePath from 'node:path';
import { locateFile } from '#images/decode/locate-file.ts';
import { limitTime, openImage } from '#images/decode/image-pipeline.ts';
import { isBelow } from '#shared/paths/is-below.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { PictureReply, PictureRequest } from '#shared/worker/picture.ts';

/**
 * Resizes originals for the window, away from the engine: decoding has limits of pixels and time, and a decoder that
 * crashes takes only this process with it.
 */
const HEAD_BYTES = 4096;
const QUALITY = 85;

process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
process.on('message', (request: PictureRequest) => {
  void resize(request).then(
    (jpeg) => reply({ id: request.id, jpeg }),
    (error: unknown) => {
      const known = error instanceof UserError;
      const message = known
        ? error.message
        : `The picture ${request.path} cannot be shown: ${(error as Error).message}`;
      reply({ id: request.id, code: known ? error.code : 'bad-image', message });
    },
  );
});

async function resize({ rootPath, path, width }: PictureRequest): Promise<Uint8Array> {
  const file = await insideFolder(rootPath, path);
  const { pipeline } = openImage(await headOf(file), file);
  // The size is not known yet: every decode is watched.
  return limitTime(pipeline, Infinity)
    .resize({ width, withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .jpeg({ quality: QUALITY })
    .toBuffer();
}

/** The real path of a file, which must not have left its dataset's folder. */
async function insideFolder(rootPath: string, path: string): Promise<string> {
  try {
    const root = await realpath(rootPath);
    const file = await realpath(await locateFile(nodePath.join(root, path)));
    if (isBelow(nodePath, root, file)) return file;
  } catch (error) {
    throw new UserError(
      'not-found',
      `The file ${path} is not in ${rootPath} any more. Import the folder again.`,
      { cause: error },
    );
  }
  throw new UserError('no-permission', `${path} leads out of ${rootPath}; it is not shown.`);
}

async function headOf(file: string): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function reply(message: PictureReply): void {
  process.send?.(message, undefined, undefined, () => undefined);
}
