import { access, constants, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError } from '#shared/rpc/errors.ts';

/** The one true path of a folder that a person named. @throws UserError not-found, bad-input, no-permission */
export async function existingFolder(path: string): Promise<string> {
  const wished = resolve(path);
  try {
    const real = await realpath(wished);
    if (!(await stat(real)).isDirectory())
      throw new UserError(
        'bad-input',
        `${wished} is a file. Choose the folder that holds one folder a class.`,
      );
    await access(real, constants.R_OK | constants.X_OK);
    return real;
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM')
      throw new UserError(
        'no-permission',
        `${wished} may not be read by your account. Change its permissions, or copy it.`,
        { cause: error },
      );
    throw new UserError('not-found', `There is no folder ${wished}. Check the path; nothing was imported.`, {
      cause: error,
    });
  }
}
