import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '#shared/rpc/errors.ts';
import { programRoot } from './program.ts';

const NEEDED_MAJOR = 26;
const WINDOWS = process.platform === 'win32';

/**
 * The Node that runs the engine: `PLUMAGE_NODE`, else the process itself where it is Node 26 or newer, else the one that
 * npm installed with Plumage. Never Electron's own.
 * @throws UserError `node-missing`
 */
export function nodeBinary(env: NodeJS.ProcessEnv = process.env): string {
  const given = env['PLUMAGE_NODE'];
  if (given !== undefined && given !== '') return given;
  const isElectron = process.versions['electron'] !== undefined;
  if (!isElectron && Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) return process.execPath;
  const file = WINDOWS ? 'node.exe' : 'node';
  for (let folder = programRoot(); ; folder = path.dirname(folder)) {
    const candidates = [
      path.join(
        folder,
        'node_modules',
        `node-${WINDOWS ? 'win' : process.platform}-${process.arch}`,
        'bin',
        file,
      ),
      path.join(folder, 'node_modules', `node-bin-${process.platform}-${process.arch}`, 'bin', file),
      path.join(folder, 'node_modules', '.bin', file),
    ];
    const found = candidates.find((candidate) => existsSync(candidate));
    if (found !== undefined) return found;
    if (path.dirname(folder) === folder) break;
  }
  throw new UserError(
    'node-missing',
    `Plumage's engine needs Node ${NEEDED_MAJOR}, which is not installed. Run "npm ci", then start again.`,
  );
}
