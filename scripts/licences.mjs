// Writes resources/licences/licences.json: the licence of everything that Plumage ships or brings along, with its text.
// Run after a change of dependencies: node scripts/licences.mjs (with --check: only compare, exit 1 when it differs).
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const target = path.join(root, 'resources', 'licences', 'licences.json');
/** Development packages whose code ends up in the window's bundle or that the user runs. */
const BUNDLED = ['svelte', 'bits-ui', '@lucide/svelte', 'uplot', 'electron'];

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
const lock = readJson(path.join(root, 'package-lock.json')).packages;

/** Where npm finds `name` when the package at `from` asks for it, as a key of the lock file. */
function resolve(name, from) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const key = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (lock[key] !== undefined) return key;
    if (at === '') return undefined;
  }
}

/** Keys of the lock file of all packages that are reached from what we name. */
function shipped() {
  const found = new Set();
  const visit = (name, from) => {
    const key = resolve(name, from);
    if (key === undefined || found.has(key)) return;
    found.add(key);
    // What Electron's package needs is its installer, which is not shipped.
    if (name === 'electron') return;
    const { dependencies = {}, optionalDependencies = {} } = lock[key];
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) visit(next, key);
  };
  const own = lock[''];
  for (const name of Object.keys({ ...own.dependencies, ...own.optionalDependencies })) visit(name, '');
  for (const name of BUNDLED) visit(name, '');
  return [...found].sort();
}

/** The texts that a package carries beside its code. */
function textOf(folder) {
  if (!existsSync(folder)) return '';
  const files = readdirSync(folder).filter(
    (file) => /^(licen[cs]e|copying|notice)/i.test(file) && !/\.(m?js|ts|html)$/.test(file),
  );
  return files.map((file) => readFileSync(path.join(folder, file), 'utf8').trim()).join('\n\n');
}

function licenceOf(key) {
  const name = key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const { version, license } = lock[key];
  const folder = path.join(root, key);
  // Where it is not installed on this machine (another platform's), its manifest in the lock file has to do.
  const manifest = existsSync(path.join(folder, 'package.json'))
    ? readJson(path.join(folder, 'package.json'))
    : {};
  const named = manifest.license ?? license ?? manifest.licenses?.map(({ type }) => type).join(' or ');
  const text = textOf(folder);
  const fromText = /^(The )?MIT License/i.test(text) ? 'MIT' : 'see text';
  return { name, version, licence: typeof named === 'object' ? named.type : (named ?? fromText), text };
}

/** The licence of the pictures is not that of the package which carries them. */
function emojiSet(key) {
  const folder = path.join(root, key);
  const info = readJson(path.join(folder, 'info.json'));
  const text = `Pictures by ${info.author.name}, ${info.author.url ?? ''}\n${info.license.title}: ${info.license.url}`;
  return {
    name: `${info.name} (demo pictures)`,
    version: lock[key].version,
    licence: info.license.spdx ?? info.license.title,
    text,
  };
}

function others() {
  const weights = path.join(root, 'resources', 'backbones', 'LICENCE.md');
  return [
    { name: 'Plumage', version: lock[''].version ?? '', licence: 'Apache-2.0', text: textOf(root) },
    {
      name: 'MobileNetV2 0.35 weights',
      version: '1',
      licence: 'Apache-2.0',
      text: existsSync(weights) ? readFileSync(weights, 'utf8').trim() : '',
    },
    {
      name: 'TensorFlow (brought by the set-up)',
      version: '2.21.0',
      licence: 'Apache-2.0',
      text: 'The libraries of the tensorflow-cpu package. Copyright The TensorFlow Authors. https://github.com/tensorflow/tensorflow/blob/master/LICENSE',
    },
  ];
}

const keys = shipped();
const emoji = keys.filter((key) => key.includes('@iconify-json/'));
const entries = [
  ...others(),
  ...emoji.map(emojiSet),
  ...keys.filter((key) => !emoji.includes(key)).map(licenceOf),
];
const text = `${JSON.stringify(entries, null, 1)}\n`;
const withoutText = (list) =>
  JSON.stringify(list.map(({ name, version, licence }) => [name, version, licence]));

if (process.argv.includes('--check')) {
  // Texts differ by platform (what is installed); names, versions and licences must not.
  const same = existsSync(target) && withoutText(readJson(target)) === withoutText(entries);
  console.log(
    same ? 'licences.json is up to date.' : 'licences.json is out of date: run node scripts/licences.mjs',
  );
  process.exitCode = same ? 0 : 1;
} else {
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
  const unnamed = entries.filter(({ licence }) => licence === 'see text').map(({ name }) => name);
  console.log(
    `${entries.length} licences${unnamed.length > 0 ? `; without a name: ${unnamed.join(', ')}` : ''}`,
  );
}
