import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { createRandom } from '#learn/random/counter-random.ts';
import { libraryOfFolder } from './folder-library.ts';

/** Classes are stripes of their own direction and colour, samples differ by phase and noise. */
async function writeImage(path: string, label: number, sample: number): Promise<void> {
  const random = createRandom(label, sample);
  const side = 40;
  const phase = random.next() * 6;
  const pixels = Uint8Array.from({ length: side * side * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % side, Math.floor(i / 3 / side)];
    const wave = Math.sin(phase + (x * Math.cos(label) + y * Math.sin(label)) * (0.3 + 0.1 * (label % 3)));
    return Math.max(
      0,
      Math.min(255, 128 + 80 * wave * ((label + (i % 3)) % 2 ? 1 : 0.3) + 30 * (random.next() - 0.5)),
    );
  });
  await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toFile(path);
}

/** For tests: a library in `folder` with 8 classes of 8 images, 6 of them for training and 2 for validation. */
export async function stripedLibrary(
  folder: string,
): Promise<{ libraryPath: string; ids: { datasetId: string; splitId: string } }> {
  const images = join(folder, 'images');
  for (let label = 0; label < 8; label++) {
    const path = join(images, `class ${String(label)}`);
    await mkdir(path, { recursive: true });
    for (let sample = 0; sample < 8; sample++)
      await writeImage(join(path, `${String(sample)}.png`), label, sample);
  }
  const libraryPath = join(folder, 'library');
  const ids = libraryOfFolder(libraryPath, images, (_, index) => (index < 6 ? 'train' : 'validation'));
  return { libraryPath, ids };
}
