import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { textDigest } from './digest.mjs';
import { readJson, writeJson } from './files.mjs';
import { ROOT, stateFolder } from './places.mjs';
import { run, which } from './processes.mjs';
import { SetupProblem } from './problem.mjs';
import { progress, say } from './report.mjs';

const stampFile = (root) => path.join(stateFolder(root), 'dependencies.json');
const lockDigest = (root) => textDigest(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));

/** Whether npm's own record of what it installed holds everything that the lock file asks of every platform. */
export function installedMatches(lock, installed) {
  if (!lock?.packages || !installed?.packages) return false;
  return Object.entries(lock.packages).every(([name, wanted]) => {
    if (name === '') return true;
    const found = installed.packages[name];
    if (!found) return Boolean(wanted.optional || wanted.peerOptional);
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/** True where node_modules is what package-lock.json says, by our stamp or by npm's record of a finished install. */
export function dependenciesReady(root = ROOT) {
  const digest = lockDigest(root);
  if (readJson(stampFile(root))?.digest === digest) return true;
  const lock = readJson(path.join(root, 'package-lock.json'));
  if (!installedMatches(lock, readJson(path.join(root, 'node_modules', '.package-lock.json')))) return false;
  writeJson(stampFile(root), { digest });
  return true;
}

/** npm as the one that called us, with the Node that runs it: ours lies in node_modules, which npm replaces. */
export function npmCommand(env = process.env) {
  if (env.npm_execpath && existsSync(env.npm_execpath)) {
    return { command: env.npm_node_execpath ?? process.execPath, args: [env.npm_execpath] };
  }
  const npm = which('npm');
  if (!npm) throw new SetupProblem('npm was not found. Install Node 20 or newer together with npm.');
  return { command: npm, args: [] };
}

/**
 * Counts the packages that npm's log says it fetched. Answers are told apart by their archive: what is asked for again,
 * and what describes packages, counts for nothing.
 *
 * @returns {(line: string) => number} takes a line of the log, gives how many archives arrived until now
 */
export function archiveCounter() {
  const archives = new Set();
  return (line) => {
    const [, url] = /http fetch GET 200 (\S+\.tgz)\b/.exec(line) ?? [];
    if (url !== undefined) archives.add(url);
    return archives.size;
  };
}

/** How many archives npm may fetch for a platform: one for each package of the lock file that fits it. */
export function archivesFor(lock, { platform, arch } = process) {
  const fits = (list, own) =>
    list === undefined ||
    list.includes(own) ||
    (list.every((each) => each.startsWith('!')) && !list.includes(`!${own}`));
  const wanted = Object.values(lock?.packages ?? {}).filter(
    ({ resolved, os, cpu }) => resolved !== undefined && fits(os, platform) && fits(cpu, arch),
  );
  return new Set(wanted.map(({ resolved }) => resolved)).size;
}

export async function installDependencies(root = ROOT) {
  const lock = readJson(path.join(root, 'package-lock.json'));
  const count = archivesFor(lock);
  say(`Packages: npm ci, ${count} packages, about 250 MB to download and 900 MB on disk.`);
  const npm = npmCommand();
  // npm says nothing of packages that it takes from its cache, so there is no telling how many are still to come.
  const bar = progress('packages fetched', undefined);
  const counted = archiveCounter();
  const result = await run(npm.command, [...npm.args, 'ci', '--loglevel=http', '--prefer-offline'], {
    cwd: root,
    onLine: (line) => bar.update(counted(line)),
  });
  bar.end(result.code === 0 ? `${counted('')}, the others were in npm's cache; installed` : undefined);
  if (result.code !== 0) {
    const lines = result.output.split('\n').filter((line) => line.startsWith('npm error'));
    throw new SetupProblem(`npm ci failed; run the command again to go on.\n${lines.slice(-12).join('\n')}`);
  }
  writeJson(stampFile(root), { digest: lockDigest(root) });
}
