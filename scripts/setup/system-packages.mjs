import { existsSync } from 'node:fs';
import { findChromium } from '../testing/chromium.mjs';
import { mustRun, run, which } from './processes.mjs';
import { SetupProblem } from './problem.mjs';
import { say } from './report.mjs';

/** Debian and Ubuntu packages by the library that Electron's loader misses. */
const LIBRARY_PACKAGES = {
  'libgtk-3.so.0': 'libgtk-3-0',
  'libasound.so.2': 'libasound2',
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libsmime3.so': 'libnss3',
  'libnspr4.so': 'libnspr4',
  'libgbm.so.1': 'libgbm1',
  'libdrm.so.2': 'libdrm2',
  'libcups.so.2': 'libcups2',
  'libatk-1.0.so.0': 'libatk1.0-0',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libatspi.so.0': 'libatspi2.0-0',
  'libxkbcommon.so.0': 'libxkbcommon0',
  'libXcomposite.so.1': 'libxcomposite1',
  'libXdamage.so.1': 'libxdamage1',
  'libXrandr.so.2': 'libxrandr2',
  'libXfixes.so.3': 'libxfixes3',
  'libXext.so.6': 'libxext6',
  'libX11.so.6': 'libx11-6',
  'libxcb.so.1': 'libxcb1',
  'libpango-1.0.so.0': 'libpango-1.0-0',
  'libcairo.so.2': 'libcairo2',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libexpat.so.1': 'libexpat1',
  'libglib-2.0.so.0': 'libglib2.0-0',
};

/** The libraries that `ldd` could not find. */
export function missingLibraries(lddOutput) {
  return [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]);
}

/** Debian packages for missing libraries; a library that is not in the table is named as it is. */
export function packagesFor(libraries) {
  return [...new Set(libraries.map((library) => LIBRARY_PACKAGES[library] ?? library))].sort();
}

/** What Electron lacks here, as Debian package names. Empty on other systems, where its own message has to do. */
export async function missingForElectron(electronPath) {
  if (process.platform !== 'linux' || !which('ldd')) return [];
  const { output } = await run('ldd', [electronPath]);
  return packagesFor(missingLibraries(output));
}

/** What the tests lack besides: a display for Electron, a browser. */
export function missingForTests(env = process.env) {
  const missing = [];
  if (process.platform === 'linux' && !env.DISPLAY && !which('xvfb-run', env)) missing.push('xvfb', 'xauth');
  if (!findChromium(env)) missing.push('chromium');
  return missing;
}

/** Newer Debian and Ubuntu renamed libraries for 64-bit time; apt resolves most old names but not all. */
async function currentName(name) {
  const { code, output } = await run('apt-cache', ['show', '--no-all-versions', `${name}t64`]);
  return code === 0 && output.includes('Package:') ? `${name}t64` : name;
}

/**
 * Installs Debian packages where this process may, and otherwise says the one command that does.
 *
 * @returns {Promise<string | undefined>} the sentence with the command when something is still missing
 */
export async function installPackages(
  packages,
  { debian = existsSync('/etc/debian_version'), root = process.getuid?.() === 0 } = {},
) {
  if (packages.length === 0) return undefined;
  if (!debian || !which('apt-get')) {
    return `Missing on this system: ${packages.join(', ')} (Debian's names). Install them with your package manager and run the command again.`;
  }
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (!root) return `Missing on this system: ${packages.join(', ')}. Run: sudo ${command}`;
  say(`System packages: ${command}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-q'], { env });
  const names = await Promise.all(packages.map(currentName));
  try {
    await mustRun(
      'apt-get install',
      'apt-get',
      ['install', '-y', '-q', '--no-install-recommends', ...names],
      { env },
    );
  } catch (error) {
    if (error instanceof SetupProblem) return `${error.message}\nRun it yourself: ${command}`;
    throw error;
  }
  return undefined;
}
