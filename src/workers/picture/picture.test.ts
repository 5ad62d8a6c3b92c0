import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PictureReply } from '#shared/worker/picture.ts';

let folder: string;
let worker: ChildProcess;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plumage-picture-'));
  mkdirSync(join(folder, 'photos'));
  const plain = { create: { width: 90, height: 60, channels: 3 as const, background: 'red' } };
  for (const name of ['outside.png', 'photos/..hidden.png'])
    await sharp(plain).png().toFile(join(folder, name));
  symlinkSync(join(folder, 'outside.png'), join(folder, 'photos', 'link.png'));
  worker = fork(join(import.meta.dirname, 'main.ts'), { serialization: 'advanced' });
});
afterAll(() => {
  worker.disconnect();
  rmSync(folder, { recursive: true });
});

async function resize(path: string): Promise<PictureReply> {
  worker.send({ id: 1, rootPath: join(folder, 'photos'), path, width: 64 });
  const [reply] = (await once(worker, 'message')) as [PictureReply];
  return reply;
}

test('a name that begins with two dots is inside its folder; what leads out is refused', async () => {
  expect(await resize('..hidden.png')).toHaveProperty('jpeg');
  for (const path of ['link.png', '../outside.png'])
    expect(await resize(path)).toMatchObject({ code: 'no-permission' });
});
