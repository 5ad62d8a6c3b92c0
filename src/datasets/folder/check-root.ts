import { access, constants, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError } from '#shared/rpc/errors.ts';

/**
 * The absolute path of a folder that can be read.
 * @throws UserError not-found, bad-input (no folder), no-permission
 */
export async function checkRoot(path: string): Promise<string> {
  const root = resolve(path);
  try {
    if (!(await stat(root)).isDirectory()) {
      throw new UserError(
        'bad-input',
        `${root} is a file. Give the folder that holds one folder for each class.`,
      );
    }
    await access(root, constants.R_OK | constants.X_OK);
    return root;
  } catch (error) {
    if (error instanceof UserError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EACCES' || code === 'EPERM') {
      throw new UserError(
        'no-permission',
        `You have no permission to read ${root}. Change its permissions or choose another folder.`,
      );
    }
    if (code === 'ENAMETOOLONG')
      throw new UserError('bad-input', 'The path is longer than this system allows.');
    throw new UserError(
      'not-found',
      `There is no folder ${root}. Check the path, or connect the disk that it is on.`,
    );
  }
}
