import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openCatalog } from '#catalog/open.ts';
import { ClassRepository } from '#catalog/repositories/classes.ts';
import { DatasetRepository } from '#catalog/repositories/datasets.ts';
import { SplitRepository } from '#catalog/repositories/splits.ts';

export type Part = 'train' | 'validation' | 'test';

/**
 * For tests: a library that holds the images of a folder per class and one split of them, without the importer.
 *
 * @param partOf which part an image goes to, by its class's name and number and its own number in the class
 */
export function libraryOfFolder(
  libraryPath: string,
  rootPath: string,
  partOf: (className: string, index: number, image: number) => Part | null,
): { readonly datasetId: string; readonly splitId: string } {
  const catalog = openCatalog(libraryPath);
  const dataset = new DatasetRepository(catalog).insert({
    name: 'folder',
    rootPath,
    layout: 'folder',
    licence: null,
    at: 1,
  });
  const classes = new ClassRepository(catalog);
  const members: Record<Part, { images: number[]; labels: number[] }> = {
    train: { images: [], labels: [] },
    validation: { images: [], labels: [] },
    test: { images: [], labels: [] },
  };
  const folders = readdirSync(rootPath).filter((name) => statSync(join(rootPath, name)).isDirectory());
  catalog.write(() => {
    const insert = catalog.sql<{ id: number }>(
      `INSERT INTO images (dataset, class_id, imported_class_id, width, height, channels, size_bytes, modified_ms, format,
         content_hash, pixel_hash, perceptual_hash, path) VALUES (?, ?, ?, 128, 128, 3, ?, 0, 'png', ?, ?, ?, ?) RETURNING id`,
    );
    for (const [index, name] of folders.sort().entries()) {
      const files = readdirSync(join(rootPath, name)).sort();
      if (files.every((_, image) => partOf(name, index, image) === null)) continue;
      const own = classes.insert(dataset.key, name);
      for (const [image, file] of files.entries()) {
        const part = partOf(name, index, image);
        if (part === null) continue;
        const bytes = readFileSync(join(rootPath, name, file));
        const hash = createHash('sha256').update(bytes).digest();
        const ids = [
          dataset.key,
          own.id,
          own.id,
          bytes.byteLength,
          hash,
          hash,
          hash.subarray(0, 8),
          `${name}/${file}`,
        ];
        members[part].images.push((insert.get(...ids) as { id: number }).id);
        members[part].labels.push(own.id);
      }
    }
  });
  const split = new SplitRepository(catalog).insert({
    dataset: dataset.key,
    datasetRevision: 1,
    name: 'test split',
    kind: 'class-disjoint',
    seed: 1,
    hash: createHash('sha256').update(JSON.stringify(members)).digest('hex'),
    settings: {},
    parts: Object.entries(members).map(([part, { images, labels }]) => ({
      part: part as Part,
      imageIds: Int32Array.from(images),
      classIds: Int32Array.from(labels),
    })),
    leaks: [],
    leakCounts: [],
    at: 1,
  });
  catalog.close();
  return { datasetId: dataset.id, splitId: split.id };
}
