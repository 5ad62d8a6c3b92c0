import { expect, test } from 'vitest';
import { insertSynthetic } from '#catalog/synthetic.ts';
import { temporaryCatalog } from '#catalog/temporary-catalog.ts';
import { type NamedTensor, encodeSafetensors } from '#formats/safetensors.ts';
import { TripletColumnCache } from './triplet-columns.ts';

const ROWS = 60_000;
const IMAGES = 1000;

function mined(seed: number): Uint8Array {
  const ints = (name: string): NamedTensor => ({
    name,
    dtype: 'I32',
    shape: [ROWS],
    data: Int32Array.from({ length: ROWS }, (_, row) => 1 + ((row * 7 + seed) % IMAGES)),
  });
  const floats = (name: string): NamedTensor => ({
    name,
    dtype: 'F32',
    shape: [ROWS],
    data: Float32Array.from({ length: ROWS }, (_, row) => ((row * 31 + seed) % 1009) / 1009),
  });
  return encodeSafetensors([
    ...['anchor', 'positive', 'negative', 'positiveRank', 'negativeRank'].map(ints),
    ...['anchorPositive', 'anchorNegative'].map(floats),
  ]);
}

test('a mining is read and sorted once, however many pages are looked at; old ones are let go', async () => {
  using library = temporaryCatalog();
  const { catalog } = library;
  const cache = new TripletColumnCache(catalog);
  const files: string[] = [];
  for (let seed = 0; seed < 4; seed++) files.push(await catalog.files.put(mined(seed)));
  const first = await cache.get(files[0]!);
  const order = first.order('anchor-positive');
  for (let i = 1; i < ROWS; i++) {
    const [a, b] = [order[i - 1]!, order[i]!];
    const falls = first.anchorPositive[a]! - first.anchorPositive[b]!;
    if (falls < 0 || (falls === 0 && a > b)) throw new Error(`row ${a} lies before row ${b}`);
  }
  await catalog.files.remove(files[0]!);
  expect((await cache.get(files[0]!)).order('anchor-positive')).toBe(order);
  expect([...first.order('hardness').subarray(0, 3)]).toEqual([0, 1, 2]);

  for (const file of files.slice(1)) await cache.get(file);
  await expect(cache.get(files[0]!)).rejects.toThrow();
  // A file that comes back is read again.
  await catalog.files.put(mined(0));
  expect((await cache.get(files[0]!)).anchors).toHaveLength(ROWS);
});

test("the anchors' classes are those of the dataset's revision", async () => {
  using library = temporaryCatalog();
  const { catalog } = library;
  const birds = { name: 'Birds', rootPath: '/birds', images: IMAGES, classes: 10 };
  insertSynthetic(catalog, birds);
  const columns = await new TripletColumnCache(catalog).get(await catalog.files.put(mined(0)));
  const classOf = (id: number) =>
    catalog.sql<number>(`SELECT class_id FROM images WHERE id = ?`).pluck().get(id);
  const before = columns.classes(catalog, 1);
  for (let row = 0; row < ROWS; row += 997) expect(before[row]).toBe(classOf(columns.anchors[row]!));
  const anchor = columns.anchors[0]!;
  const other = (before[0]! % 10) + 1;
  catalog.sql(`UPDATE images SET class_id = ? WHERE id = ?`).run(other, anchor);
  expect(columns.classes(catalog, 1)).toBe(before);
  expect(columns.classes(catalog, 2)[0]).toBe(other);
});
