import { UserError } from '#shared/rpc/errors.ts';

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/**
 * What SQLite and the file system say, as a sentence; anything that is not a matter of disk, rights or damage comes
 * back as it was.
 */
export function storageError(error: unknown, path: string, backup?: string): unknown {
  if (error instanceof UserError) return error;
  const code = codeOf(error);
  const options = { cause: error, details: { code, path } };
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT')
    return new UserError(
      'no-space',
      `There is no space left for ${path}. Nothing that was saved before is lost; free some space and try again.`,
      options,
    );
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return new UserError('catalog-corrupt', corruptSentence(path, backup), options);
  if (
    code.startsWith('SQLITE_READONLY') ||
    code === 'SQLITE_PERM' ||
    ['EACCES', 'EPERM', 'EROFS'].includes(code)
  )
    return new UserError(
      'no-permission',
      `${path} cannot be written. Give your account the right to write there, or name another library with --library.`,
      options,
    );
  if (code.startsWith('SQLITE_CANTOPEN') || ['ENOTDIR', 'EISDIR', 'ENOENT'].includes(code))
    return new UserError(
      'no-permission',
      `${path} cannot be opened. Check that its folder exists and that your account may write there, or name another library with --library.`,
      options,
    );
  if (code.startsWith('SQLITE_BUSY'))
    return new UserError(
      'conflict',
      `${path} is being written by another program. Close it and try again.`,
      options,
    );
  return error;
}

export function corruptSentence(path: string, backup: string | undefined): string {
  const restore =
    backup === undefined
      ? 'There is no copy of it yet: move it aside and Plumage starts a new one; import the folders again.'
      : `To go back to the copy that Plumage keeps, quit Plumage, move ${path} (with the -wal and -shm beside it) aside and rename ${backup} to ${path}.`;
  return `The catalogue ${path} is damaged. Your images are untouched. ${restore}`;
}

export function newerSentence(path: string, found: number, known: number): string {
  return `The catalogue ${path} was written by a newer Plumage (version ${found}; this copy knows up to ${known}). Nothing was changed: open it with the newer Plumage, or name another library with --library.`;
}
