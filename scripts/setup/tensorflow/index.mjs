import { existsSync } from 'node:fs';
import path from 'node:path';
import { readJson, writeJson } from '../files.mjs';
import { cacheFolder, ROOT } from '../places.mjs';
import { SetupProblem } from '../problem.mjs';
import { say } from '../report.mjs';
import { findPip, installCommand, missingTools, unavailableSentence } from './needs.mjs';
import { provision, provisionKey } from './provision.mjs';
import { chooseKind, TENSORFLOW_VERSION } from './release.mjs';

/** After a failure that is not a missing tool (no network), set-up tries again by itself after this long. */
const RETRY_AFTER_MS = 60 * 60 * 1000;

const folderOf = (cache) => path.join(cache, 'tensorflow');
const currentFile = (cache) => path.join(folderOf(cache), 'current.json');

/** Only this platform's wheel and libraries have been verified. */
const SUPPORTED = 'linux-x64';

/**
 * Whether nothing is to be done: provisioned for exactly these inputs, or known to be impossible for a reason that
 * still holds.
 */
export async function tensorflowReady({
  cache = cacheFolder(),
  root = ROOT,
  now = Date.now(),
  retry = false,
} = {}) {
  const current = readJson(currentFile(cache));
  if (!current) return false;
  if (current.unavailable === undefined) {
    const key = provisionKey(chooseKind(), root);
    return current.key === key && existsSync(path.join(current.path, 'provision.json'));
  }
  if (retry) return false;
  const record = readJson(path.join(folderOf(cache), 'tensorflow-unavailable.json'));
  if (record?.reason === 'platform') return true;
  if (record?.reason === 'tools') return (await missingTools()).join() === record.missing.join();
  return now - (record?.at ?? 0) < RETRY_AFTER_MS;
}

function giveUp(cache, sentence, record) {
  say(sentence);
  writeJson(path.join(folderOf(cache), 'tensorflow-unavailable.json'), {
    ...record,
    sentence,
    at: Date.now(),
  });
  writeJson(currentFile(cache), { unavailable: sentence });
}

/** Provisions TensorFlow, or records why it cannot be; the studio then computes with WebAssembly. */
export async function setUpTensorflow({ node, cache = cacheFolder(), root = ROOT }) {
  const platform = `${process.platform}-${process.arch}`;
  if (platform !== SUPPORTED) {
    const sentence = `TensorFlow is set up on Linux with an x86-64 processor; this is ${platform}. Plumage computes with WebAssembly here, several times slower.`;
    return giveUp(cache, sentence, { reason: 'platform' });
  }
  const kind = chooseKind();
  const key = provisionKey(kind, root);
  const target = path.join(folderOf(cache), key);
  if (!existsSync(path.join(target, 'provision.json'))) {
    const missing = await missingTools();
    if (missing.length > 0) {
      return giveUp(cache, unavailableSentence(missing, installCommand(missing)), {
        reason: 'tools',
        missing,
      });
    }
    try {
      await provision({ kind, key, target, python: await findPip(), node, root });
    } catch (error) {
      if (!(error instanceof SetupProblem)) throw error;
      const sentence = `TensorFlow could not be set up: ${error.message} Run "npm run setup" to try again; until then Plumage computes with WebAssembly, several times slower.`;
      return giveUp(cache, sentence, { reason: 'failed' });
    }
  }
  writeJson(currentFile(cache), { path: target, version: TENSORFLOW_VERSION, kind, key });
  return undefined;
}
