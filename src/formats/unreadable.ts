import { UserError } from '#shared/rpc/errors.ts';

/** What a failed read says to a person; errors that are sentences already, or defects, pass as they are. */
export function unreadable(error: unknown, path: string): unknown {
  if (error instanceof UserError || !(error instanceof Error) || !('code' in error)) return error;
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new UserError('not-found', `There is no file ${path}. Check the path.`, { cause: error });
    case 'EISDIR':
      return new UserError('bad-input', `${path} is a folder. Name the file in it.`, { cause: error });
    case 'EACCES':
    case 'EPERM':
      return new UserError('no-permission', `No permission to read ${path}. Change its permissions.`, {
        cause: error,
      });
    default:
      return error;
  }
}
