import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { UserError } from '#shared/rpc/errors.ts';

type Env = NodeJS.ProcessEnv;

/** `PLUMAGE_LIBRARY`, else `plumage` in the user's data folder. */
export function defaultLibraryPath(env: Env = process.env): string {
  const given = env['PLUMAGE_LIBRARY'];
  if (given) return path.resolve(given);
  return path.join(env['XDG_DATA_HOME'] || path.join(homedir(), '.local', 'share'), 'plumage');
}

/** `PLUMAGE_CACHE`, else `plumage` in the user's cache folder. */
export function cachePath(env: Env = process.env): string {
  const given = env['PLUMAGE_CACHE'];
  if (given) return path.resolve(given);
  return path.join(env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'plumage');
}

/** The library's one true name, the same before and after its folder is made: two ways to it are one library. */
export function realLibraryPath(libraryPath: string): string {
  const whole = path.resolve(libraryPath);
  const missing: string[] = [];
  for (let folder = whole; ; folder = path.dirname(folder)) {
    try {
      return path.join(realpathSync(folder), ...missing);
    } catch {
      if (path.dirname(folder) === folder) return whole;
      missing.unshift(path.basename(folder));
    }
  }
}

/** sockaddr_un holds 108 bytes on Linux and 104 on macOS, with the closing zero. */
const MAX_SOCKET_PATH_BYTES = process.platform === 'linux' ? 107 : 103;

/** Where the engine of a library listens. The name is short whatever the library is called. */
export function socketPathOf(libraryPath: string, env: Env = process.env): string {
  const name = createHash('sha256').update(realLibraryPath(libraryPath)).digest('hex').slice(0, 20);
  if (process.platform === 'win32') return `\\\\.\\pipe\\plumage-${userInfo().username}-${name}`;
  const runtime = env['XDG_RUNTIME_DIR'];
  const perUser = `plumage-${String(process.getuid?.() ?? userInfo().username)}`;
  const folders = [
    ...(runtime ? [path.join(runtime, 'plumage')] : []),
    path.join(tmpdir(), perUser),
    path.join('/tmp', perUser),
  ];
  const paths = folders.map((folder) => path.join(folder, `${name}.sock`));
  const short = paths.find((candidate) => Buffer.byteLength(candidate) <= MAX_SOCKET_PATH_BYTES);
  return short ?? path.join('/tmp', perUser, `${name}.sock`);
}

/**
 * Makes the folder of the socket, for this user alone. A folder that somebody else put there is refused: whoever owns
 * it could stand in for the engine.
 * @throws UserError `no-permission`
 */
export function prepareSocketFolder(socketPath: string): void {
  if (process.platform === 'win32') return;
  const folder = path.dirname(socketPath);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    if (found.isDirectory() && found.uid === process.getuid?.()) {
      if ((found.mode & 0o777) !== 0o700) chmodSync(folder, 0o700);
      return;
    }
  } catch (error) {
    throw refused(folder, error);
  }
  throw refused(folder);
}

function refused(folder: string, cause?: unknown): UserError {
  return new UserError(
    'no-permission',
    `${folder} has to be a folder of yours alone, because the engine listens there. Remove it and start again.`,
    { cause },
  );
}
