import { readdirSync, statSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { verifyDigest } from '../digest.mjs';
import { mustRun } from '../processes.mjs';
import { formatBytes, progress } from '../report.mjs';
import { WHEEL_TAGS } from './release.mjs';

/** Bytes of the wheels in a folder. pip copies a finished wheel from its temporary folder: the same name counts once. */
export function wheelBytes(folder) {
  const sizes = new Map();
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    try {
      if (!entry.isFile() || !entry.name.endsWith('.whl')) continue;
      const { size } = statSync(path.join(entry.parentPath ?? entry.path, entry.name));
      sizes.set(entry.name, Math.max(size, sizes.get(entry.name) ?? 0));
    } catch {
      // pip renamed it meanwhile.
    }
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/**
 * Downloads wheels with pip, which knows the user's mirror, proxy and certificates. Its own bar differs between
 * versions: ours measures the folder that it writes into.
 */
export async function downloadWheels(python, requirements, folder, { label, bytes }) {
  const temporary = path.join(folder, 'tmp');
  const wheels = path.join(folder, 'wheels');
  mkdirSync(temporary, { recursive: true });
  mkdirSync(wheels, { recursive: true });
  const bar = progress(label, bytes, { format: formatBytes });
  const timer = setInterval(() => bar.update(wheelBytes(folder)), 250);
  try {
    await mustRun(
      `Downloading ${requirements[0]} with pip`,
      python,
      [
        '-m',
        'pip',
        'download',
        '--quiet',
        '--no-deps',
        '--no-cache-dir',
        '--no-input',
        '--only-binary=:all:',
        ...WHEEL_TAGS,
        '--dest',
        wheels,
        ...requirements,
      ],
      { env: { ...process.env, TMPDIR: temporary, PIP_DISABLE_PIP_VERSION_CHECK: '1' } },
    );
    bar.end(formatBytes(wheelBytes(folder)));
  } finally {
    clearInterval(timer);
    bar.end();
  }
  return readdirSync(wheels).map((name) => path.join(wheels, name));
}

export async function downloadTensorflow(python, wheel, folder) {
  const [file] = await downloadWheels(python, [wheel.requirement], folder, {
    label: 'TensorFlow',
    bytes: wheel.bytes,
  });
  await verifyDigest(file, wheel.sha256);
  return file;
}
