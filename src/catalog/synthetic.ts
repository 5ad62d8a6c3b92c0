import { createHash } from 'node:crypto';
import type { Catalog } from './catalog.ts';
import { Journal } from './journal/journal.ts';
import { ClassRepository } from './repositories/classes.ts';
import { type DatasetRecord, DatasetRepository } from './repositories/datasets.ts';

/**
 * Fills a catalogue with images that do not exist, for benches and tests: `images` rows spread evenly over `classes`,
 * hashes derived from their number. About 100,000 rows a second.
 */
export function insertSynthetic(
  catalog: Catalog,
  wish: {
    readonly name: string;
    readonly rootPath: string;
    readonly images: number;
    readonly classes: number;
  },
): DatasetRecord {
  const datasets = new DatasetRepository(catalog);
  const classes = new ClassRepository(catalog);
  const journal = new Journal(catalog);
  const author = { who: 'synthetic', why: '', at: 1 };
  return catalog.write(() => {
    const dataset = datasets.insert({
      name: wish.name,
      rootPath: wish.rootPath,
      layout: 'folder',
      licence: null,
      at: 1,
    });
    const names = Array.from(
      { length: wish.classes },
      (_, index) => `class ${String(index).padStart(5, '0')}`,
    );
    const made = names.map((name) => classes.insert(dataset.key, name));
    journal.noteClasses(dataset.key, made, author);
    const insert = catalog.sql(
      `INSERT INTO images (dataset, class_id, imported_class_id, width, height, channels, size_bytes, modified_ms, format,
         content_hash, pixel_hash, perceptual_hash, path) VALUES (?, ?, ?, ?, ?, 3, ?, 0, 'png', ?, ?, ?, ?)`,
    );
    const perClass = Math.ceil(wish.images / wish.classes);
    for (let index = 0; index < wish.images; index++) {
      const own = made[Math.floor(index / perClass)]!;
      const hash = createHash('sha256').update(`${wish.name} ${index}`).digest();
      const path = `${own.name}/${String(index).padStart(7, '0')}.png`;
      const width = 64 + (index % 400);
      insert.run(
        dataset.key,
        own.id,
        own.id,
        width,
        128,
        1000 + (index % 977),
        hash,
        hash,
        hash.subarray(0, 8),
        path,
      );
    }
    classes.recount(
      dataset.key,
      made.map((one) => one.id),
    );
    journal.note(dataset.key, 'import', `Imported ${wish.images} images.`, author);
    return datasets.require(dataset.id);
  });
}
