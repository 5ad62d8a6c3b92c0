import { readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileDigest, textDigest, verifyDigest } from '../digest.mjs';
import { fillFolder, readJson, writeJson } from '../files.mjs';
import { ROOT } from '../places.mjs';
import { mustRun, run, which } from '../processes.mjs';
import { SetupProblem } from '../problem.mjs';
import { formatBytes, progress, say } from '../report.mjs';
import { extractZip } from '../zip.mjs';
import { ADDON_EDITS, compileAddon, preparedSource } from './compile.mjs';
import { downloadTensorflow, downloadWheels } from './download.mjs';
import { placeOfWheelFile, TENSORFLOW_VERSION, WHEELS } from './release.mjs';

const bindingPackage = (root) => path.join(root, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
const headersPackage = (root) => path.join(root, 'node_modules', 'node-api-headers');

/** Names a provisioned folder by everything that went into it: a change of any makes a new one. */
export function provisionKey(kind, root = ROOT) {
  const version = (folder) => readJson(path.join(folder, 'package.json'))?.version ?? 'missing';
  const inputs = {
    kind,
    wheel: WHEELS[kind],
    addon: version(bindingPackage(root)),
    headers: version(headersPackage(root)),
    edits: ADDON_EDITS,
    compile: readFileSync(path.join(import.meta.dirname, 'compile.mjs'), 'utf8'),
    platform: `${process.platform}-${process.arch}`,
  };
  return `${TENSORFLOW_VERSION}-${kind}-${textDigest(JSON.stringify(inputs)).slice(0, 16)}`;
}

async function unpack(wheelFile, folder, libraries) {
  const bar = progress('unpacking', undefined, { format: formatBytes });
  await extractZip(wheelFile, folder, placeOfWheelFile, (bytes) => bar.update(bytes));
  bar.end();
  for (const [name, sha256] of Object.entries(libraries)) {
    await verifyDigest(path.join(folder, 'deps', 'lib', name), sha256);
  }
}

/** Symbols are a quarter of the libraries; without `strip` they stay. */
async function stripLibraries(folder) {
  const strip = which('strip');
  if (!strip) return;
  for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
    await run(strip, ['--strip-unneeded', path.join(folder, 'deps', 'lib', name)]);
  }
}

/** NVIDIA's libraries go where TensorFlow looks for them. Not run on a machine with a card. */
async function addCompanions(python, companions, folder, work) {
  if (companions.length === 0) return;
  say('  NVIDIA libraries for CUDA 12, about 2.5 GB to download');
  const files = await downloadWheels(python, companions, path.join(work, 'nvidia'), {
    label: 'NVIDIA libraries',
    bytes: 2.5e9,
  });
  const place = (name) => (/^nvidia\/[^/]+\/(lib|bin|nvvm)\//.test(name) ? `deps/${name}` : undefined);
  for (const file of files) await extractZip(file, folder, place);
}

/** Loads what was built in the Node that will use it, in a process of its own. */
export async function selfTest(node, folder) {
  const addon = path.join(folder, 'lib', 'napi-v8', 'tfjs_binding.node');
  const output = await mustRun(
    'The self-test of TensorFlow',
    node,
    [path.join(import.meta.dirname, 'self-test.mjs'), addon],
    { env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', TF_ENABLE_ONEDNN_OPTS: '1' } },
  );
  const line = output.split('\n').find((each) => each.startsWith('{"version"'));
  const version = line && JSON.parse(line).version;
  if (version !== TENSORFLOW_VERSION)
    throw new SetupProblem(`TensorFlow says it is ${version}, expected ${TENSORFLOW_VERSION}.`);
}

/** Builds `<cache>/tensorflow/<key>` and tests it; the folder appears only when the test passed. */
export async function provision({ kind, key, target, python, node, root = ROOT }) {
  const wheel = WHEELS[kind];
  say(
    `TensorFlow ${TENSORFLOW_VERSION} (${kind}): ${formatBytes(wheel.bytes)} to download, 650 MB on disk, kept in ${target}`,
  );
  await fillFolder(target, async (folder, work) => {
    const file = await downloadTensorflow(python, wheel, path.join(work, 'download'));
    await unpack(file, folder, wheel.libraries);
    rmSync(file);
    await addCompanions(python, wheel.companions, folder, work);
    await stripLibraries(folder);
    say('  compiling the addon (one file, about 20 s)');
    preparedSource(path.join(bindingPackage(root), 'binding'), path.join(work, 'source'));
    await compileAddon({
      source: path.join(work, 'source'),
      headers: path.join(headersPackage(root), 'include'),
      folder,
    });
    renameSync(path.join(folder, 'deps', 'include'), path.join(work, 'include'));
    say('  self-test');
    await selfTest(node, folder);
    const addon = path.join(folder, 'lib', 'napi-v8', 'tfjs_binding.node');
    writeJson(path.join(folder, 'provision.json'), {
      version: TENSORFLOW_VERSION,
      kind,
      key,
      wheel: { requirement: wheel.requirement, sha256: wheel.sha256 },
      addon: {
        package: '@tensorflow/tfjs-node-gpu',
        version: readJson(path.join(bindingPackage(root), 'package.json'))?.version,
        sha256: await fileDigest(addon),
      },
      platform: `${process.platform}-${process.arch}`,
    });
  });
}
