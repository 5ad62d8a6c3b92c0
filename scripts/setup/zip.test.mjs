import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, test } from 'vitest';
import { extractZip } from './zip.mjs';

let folder;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'plumage-zip-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A zip archive of these files, written by hand after APPNOTE 4.3. */
function makeZip(files) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const { name, text = '', stored = false, mode = 0o100644 } of files) {
    const data = Buffer.from(text);
    const packed = stored ? data : deflateRawSync(data);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(stored ? 0 : 8, 8);
    local.writeUInt16LE(Buffer.byteLength(name), 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(stored ? 0 : 8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(data.length, 24);
    entry.writeUInt16LE(Buffer.byteLength(name), 28);
    entry.writeUInt32LE((mode << 16) >>> 0, 38);
    entry.writeUInt32LE(offset, 42);
    parts.push(local, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(name));
    offset += 30 + Buffer.byteLength(name) + packed.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

function archive(files) {
  const file = path.join(folder, 'a.zip');
  writeFileSync(file, makeZip(files));
  return file;
}

const out = (...parts) => path.join(folder, 'out', ...parts);

test('extracts what is asked for: packed, stored, empty, with its rights', async () => {
  const file = archive([
    { name: 'lib/a.so', text: 'x'.repeat(100_000), mode: 0o100755 },
    { name: 'lib/b.txt', text: 'stored', stored: true },
    { name: 'lib/empty', text: '' },
    { name: 'lib/', text: '' },
    { name: 'skipped', text: 'no' },
  ]);
  const written = await extractZip(file, out(), (name) => (name === 'skipped' ? undefined : name));
  assert.equal(written, 3);
  assert.equal(readFileSync(out('lib', 'a.so'), 'utf8').length, 100_000);
  assert.equal(statSync(out('lib', 'a.so')).mode & 0o111, 0o111);
  assert.equal(readFileSync(out('lib', 'b.txt'), 'utf8'), 'stored');
  assert.equal(statSync(out('lib', 'empty')).size, 0);
});

test('a name that leads out of the folder is refused', async () => {
  await assert.rejects(extractZip(archive([{ name: '../evil', text: '1' }]), out()), /leads out/);
});

test('an archive that is cut off is refused', async () => {
  const file = path.join(folder, 'cut.zip');
  writeFileSync(file, makeZip([{ name: 'a', text: '1' }]).subarray(0, 20));
  await assert.rejects(extractZip(file, out()), /cut off/);
});
