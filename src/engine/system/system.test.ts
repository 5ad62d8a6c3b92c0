import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DoctorReport, system } from '#shared/contract/system.ts';
import { programRoot, resourcesPath } from '../process/program.ts';
import { probeBackends } from './backends.ts';
import { examine } from './doctor.ts';
import { folderSizeBytes } from './folder-size.ts';
import { readLicences } from './licences.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'plumage-system-'))));
afterEach(() => rmSync(folder, { recursive: true }));
const never = new AbortController().signal;

function program(text: string): string {
  const file = path.join(folder, 'backend.mjs');
  writeFileSync(file, text);
  return file;
}

describe('the check of the backends', () => {
  const report = [{ id: 'wasm', available: true, inUse: true, reason: 'Works.', version: '4.22.0' }];

  it('takes the report, also after the chatter of native code', async () => {
    expect(
      await probeBackends(never, program(`console.log(${JSON.stringify(JSON.stringify(report))})`)),
    ).toEqual(report);
    const chatty = `console.log('loading…'); console.log(${JSON.stringify(JSON.stringify(report))})`;
    expect(await probeBackends(never, program(chatty))).toEqual(report);
  });

  it('survives a program that dies, is missing or talks nonsense, and says so', async () => {
    const reasons = [
      await probeBackends(
        never,
        program('console.error("out of memory"); process.kill(process.pid, "SIGSEGV")'),
      ),
      await probeBackends(never, path.join(folder, 'missing.mjs')),
      await probeBackends(never, program('console.log("[{}]")')),
    ].map(([first]) => first);
    for (const first of reasons) expect(first).toMatchObject({ available: false });
    expect(reasons[0]?.reason).toContain('out of memory');
    expect(reasons[1]?.reason).toContain('npm run setup');
  });
});

describe('the doctor', () => {
  it('reports what the contract promises', async () => {
    writeFileSync(path.join(folder, 'catalog.sqlite'), 'x'.repeat(1000));
    const facts = { schemaVersion: 3, datasets: 2, images: 70 };
    const report = await examine(folder, facts, never, () => Promise.resolve([]));
    expect(DoctorReport.parse(report)).toEqual(report);
    expect(report.library).toEqual({ path: folder, sizeBytes: 1000, ...facts });
    expect(report.disk.freeBytes).toBeGreaterThan(0);
  });
});

describe('the size of a folder', () => {
  it('counts files at every depth; a missing folder has none', async () => {
    mkdirSync(path.join(folder, 'a', 'b'), { recursive: true });
    writeFileSync(path.join(folder, 'a', 'one'), '12345');
    writeFileSync(path.join(folder, 'a', 'b', 'two'), '123');
    expect(await folderSizeBytes(folder)).toBe(8);
    expect(await folderSizeBytes(path.join(folder, 'missing'))).toBe(0);
  });
});

describe('the licences', () => {
  it('are those of the dependencies that package-lock.json names today', async () => {
    const script = path.join(programRoot(), 'scripts', 'licences.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [script, '--check']);
    expect(stdout).toContain('up to date');
  });

  it('cover the code, the weights and the demo’s pictures, and fit into one answer', async () => {
    const licences = await readLicences(resourcesPath());
    expect(system.calls.licences.output.parse(licences)).toEqual(licences);
    const names = licences.map(({ name }) => name);
    for (const name of [
      'Plumage',
      'electron',
      'better-sqlite3',
      'sharp',
      'svelte',
      'MobileNetV2 0.35 weights',
      'Twitter Emoji (demo pictures)',
    ]) {
      expect(names).toContain(name);
    }
    for (const { name, licence } of licences)
      expect([name, /\b(A?GPL)-/.test(licence.replaceAll('LGPL', ''))]).toEqual([name, false]);
  });
});
