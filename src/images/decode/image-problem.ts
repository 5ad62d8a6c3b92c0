import type { ImportProblem } from '#shared/domain/dataset.ts';

export type ImageProblemCode = ImportProblem['code'];

/** An image that cannot be used; the message is a sentence for the list of problems. */
export class ImageProblem extends Error {
  override readonly name = 'ImageProblem';
  readonly code: ImageProblemCode;

  constructor(code: ImageProblemCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** Errors that say something about this machine, not about the image: they end the whole work. */
const FATAL_CODES = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'ENOMEM']);

/** Turns what opening, reading or decoding threw into a problem. Rethrows what is not about this file. */
export function toImageProblem(error: unknown): ImageProblem {
  if (error instanceof ImageProblem) return error;
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) throw error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  if (code !== null && FATAL_CODES.has(code)) throw error;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return new ImageProblem('no-permission', 'You have no permission to read this file.', error);
    case 'ENOENT':
      return new ImageProblem('unreadable', 'The file is gone, or its name is not valid Unicode.', error);
    case 'ENAMETOOLONG':
      return new ImageProblem('name-too-long', 'The path is longer than this system allows.', error);
    case 'ERR_INVALID_ARG_TYPE':
    case 'ERR_INVALID_ARG_VALUE':
      throw error;
    default:
      return code === null ? decoderProblem(error) : ioProblem(code, error);
  }
}

const ioProblem = (code: string, error: Error): ImageProblem =>
  new ImageProblem('unreadable', `The file cannot be read (${code}).`, error);

const ENDS_EARLY =
  /premature|truncated|end of|out of data|incomplete|short read|read error|not enough|too short|bad seek/i;

/** libvips reports by text alone. */
function decoderProblem(error: Error): ImageProblem {
  const text = (error.message.split('\n')[0] ?? '').replace(/^Input (buffer|file) has corrupt header: /, '');
  if (/pixel limit/i.test(text)) {
    return new ImageProblem('too-many-pixels', 'The picture has too many pixels (over 268 million).', error);
  }
  if (/^timeout/i.test(text)) {
    return new ImageProblem('too-slow', 'Decoding took too long and was given up.', error);
  }
  if (/unsupported image format/i.test(text)) {
    // Its first bytes were those of an image: the rest is not.
    return new ImageProblem(
      'unreadable',
      'The file begins like an image, but the rest is damaged or missing.',
      error,
    );
  }
  if (ENDS_EARLY.test(error.message)) {
    return new ImageProblem('truncated', `The file ends too early (${text}).`, error);
  }
  return new ImageProblem('unreadable', `The file is damaged (${text}).`, error);
}
