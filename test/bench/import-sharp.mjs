import { mkdir, readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import sharp from 'sharp';

/*
 * The rival of our import: sharp alone, from each file a thumbnail of the same size and quality, no hashes and no
 * rows. As many at once as ours, one thread each. Arguments: folder of class folders, folder for the thumbnails. Prints
 * milliseconds, and those of processor time of the whole process. JavaScript, as ours is once it is built: taking types
 * away would go on in the background while it works.
 */
process.env['UV_THREADPOOL_SIZE'] = String(availableParallelism() + 2);
sharp.concurrency(1);
sharp.cache(false);
const started = performance.now();
const [source = '', target = ''] = process.argv.slice(2);
await mkdir(target, { recursive: true });
const entries = await readdir(source, { withFileTypes: true, recursive: true });
const files = entries
  .filter((entry) => entry.isFile() && /\.(png|jpg)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));
let next = 0;
async function work() {
  for (let i = next++; i < files.length; i = next++) {
    await sharp(files[i], { autoOrient: true })
      .resize({ width: 256, height: 256, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 82 })
      .toFile(join(target, `${String(i)}.jpg`));
  }
}
await Promise.all(Array.from({ length: availableParallelism() + 2 }, work));
const workMs = performance.now() - started;
const { user, system } = process.cpuUsage();
process.stdout.write(JSON.stringify({ workMs, cpuMs: (user + system) / 1000 }));
