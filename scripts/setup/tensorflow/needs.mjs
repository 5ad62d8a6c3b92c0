import { existsSync } from 'node:fs';
import { run, which } from '../processes.mjs';

/** The Python whose pip fetches the wheel, or undefined. Nothing of Python is used afterwards. */
export async function findPip(env = process.env) {
  for (const name of ['python3', 'python']) {
    const python = which(name, env);
    if (!python) continue;
    const { code } = await run(python, ['-m', 'pip', '--version'], { env });
    if (code === 0) return python;
  }
  return undefined;
}

/** The programs that are missing for provisioning, by the name that people know them under. */
export async function missingTools(env = process.env) {
  const missing = [];
  if (!(await findPip(env))) missing.push('Python 3 with pip');
  if (!which('g++', env)) missing.push('g++');
  return missing;
}

/** One exact command that installs what is missing on this system. */
export function installCommand(missing, { debian = existsSync('/etc/debian_version'), has = which } = {}) {
  const packages = (pip, compiler) =>
    [missing.includes('g++') && compiler, missing.includes('Python 3 with pip') && pip]
      .filter(Boolean)
      .join(' ');
  if (debian) return `sudo apt-get install -y --no-install-recommends ${packages('python3-pip', 'g++')}`;
  if (has('dnf')) return `sudo dnf install -y ${packages('python3-pip', 'gcc-c++')}`;
  if (has('pacman')) return `sudo pacman -S --needed ${packages('python-pip', 'gcc')}`;
  if (has('zypper')) return `sudo zypper install -y ${packages('python3-pip', 'gcc-c++')}`;
  return undefined;
}

/** Why TensorFlow is not there and what to do, as a sentence. */
export function unavailableSentence(missing, command) {
  const what = missing.join(' and ');
  const next = command ? `run "${command}"` : 'install it with your system’s package manager';
  return `TensorFlow was not set up because ${what} is missing: ${next}, then "npm run setup". Until then Plumage computes with WebAssembly, several times slower.`;
}
