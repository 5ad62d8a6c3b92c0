import { existsSync } from 'node:fs';
import path from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge'];
/** @type {Partial<Record<NodeJS.Platform, string[]>>} */
const PLACES = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

/**
 * The Chromium of this system, or undefined: PLUMAGE_CHROMIUM, then PATH, then where installers put it.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 * @returns {string | undefined}
 */
export function findChromium(env = process.env, platform = process.platform) {
  if (env.PLUMAGE_CHROMIUM) return existsSync(env.PLUMAGE_CHROMIUM) ? env.PLUMAGE_CHROMIUM : undefined;
  const folders = platform === 'win32' ? [] : (env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const candidates = [
    ...NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))),
    ...(PLACES[platform] ?? []),
  ];
  return candidates.find((candidate) => existsSync(candidate));
}

/**
 * Flags for a headless Chromium in tests; the sandbox does not start as root.
 *
 * @param {number | undefined} uid
 * @returns {string[]}
 */
export function chromiumFlags(uid = process.getuid?.()) {
  return ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', ...(uid === 0 ? ['--no-sandbox'] : [])];
}
