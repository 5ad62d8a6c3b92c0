import { expect, test } from 'vitest';
import { insertSynthetic } from './synthetic.ts';
import { temporaryCatalog } from './temporary-catalog.ts';

/** Queries that run while somebody waits or scrolls: none may read a whole table or sort in a temporary tree. */
const HOT: readonly (readonly [string, string])[] = [
  ['dataset by name', `SELECT * FROM datasets WHERE name = ?`],
  [
    'class list',
    `SELECT id, name, images, excluded, cover FROM classes WHERE dataset = ? AND images > 0 ORDER BY name`,
  ],
  ['class of a folder', `SELECT id FROM classes WHERE dataset = ? AND imported_name = ? ORDER BY id LIMIT 1`],
  ['images of a class', `SELECT id FROM images WHERE dataset = ? AND class_id = ? AND gone = 0 ORDER BY id`],
  [
    'images of a class that are shown',
    `SELECT id FROM images WHERE dataset = ? AND class_id = ? AND gone = 0 AND excluded = 0 ORDER BY id`,
  ],
  [
    'count of a class',
    `SELECT count(*), sum(excluded) FROM images WHERE dataset = ? AND class_id = ? AND gone = 0`,
  ],
  ['images by path', `SELECT id FROM images INDEXED BY images_by_path WHERE dataset = ? ORDER BY path`],
  ['image of a path', `SELECT id FROM images WHERE dataset = ? AND path = ?`],
  [
    'a row of the grid',
    `SELECT i.id, c.name, (SELECT json_group_array(t.name) FROM image_tags it JOIN tags t ON t.id = it.tag_id WHERE it.image_id = i.id)
     FROM images i JOIN classes c ON c.id = i.class_id WHERE i.id = ?`,
  ],
  [
    'images with a tag',
    `SELECT it.image_id FROM tags t JOIN image_tags it ON it.tag_id = t.id WHERE t.dataset = ? AND t.name = ?`,
  ],
  [
    'copies of an image',
    `SELECT other.image_id FROM duplicate_members mine JOIN duplicate_members other ON other.group_id = mine.group_id WHERE mine.image_id = ?`,
  ],
  [
    'groups of copies',
    `SELECT id, kind, distance FROM duplicate_groups WHERE dataset = ? ORDER BY kind, distance, id LIMIT ?`,
  ],
  ['history of a dataset', `SELECT id FROM events WHERE dataset = ? ORDER BY id DESC LIMIT ?`],
  [
    'history of an image',
    `SELECT e.id FROM event_images i JOIN events e ON e.id = i.event_id WHERE i.image_id = ? ORDER BY i.event_id DESC`,
  ],
  ['latest standing edit', `SELECT max(event_id) FROM edit_states WHERE dataset = ? AND state = 1`],
  ['points of a run', `SELECT seq FROM run_points WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?`],
  ['last point of a run', `SELECT max(seq) FROM run_points WHERE run = ?`],
  ['log of a job', `SELECT at FROM job_log WHERE job = ? ORDER BY seq DESC LIMIT ?`],
  ['jobs, newest first', `SELECT id FROM jobs ORDER BY created_at DESC, rowid DESC LIMIT ?`],
  ['a part of a split', `SELECT image_ids FROM split_parts WHERE split = ? AND part = ?`],
  [
    'vectors that exist',
    `SELECT id FROM embeddings WHERE split = ? AND part = ? AND model_hash = ? AND size = ? AND dataset_revision = ?`,
  ],
  ['runs of a dataset', `SELECT id FROM runs WHERE dataset = ? ORDER BY created_at DESC, rowid DESC`],
  ['evaluations of a run', `SELECT id FROM evaluations WHERE run = ? ORDER BY created_at DESC, rowid DESC`],
  ['verdicts of a mining', `SELECT triplet, verdict FROM verdicts WHERE refresh = ?`],
  ['who names a file', `SELECT 1 FROM checkpoints WHERE file = ? LIMIT 1`],
];

test.each(HOT)('%s: found by an index, in its order', (_name, sql) => {
  using temporary = temporaryCatalog();
  insertSynthetic(temporary.catalog, { name: 'Birds', rootPath: '/birds', images: 200, classes: 5 });
  const parameters = Array.from({ length: (sql.match(/\?/g) ?? []).length }, () => 1);
  const plan = temporary.catalog.db
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...parameters)
    .map((row) => (row as { detail: string }).detail);
  expect(plan.length).toBeGreaterThan(0);
  const scans = plan.filter(
    (step) => step.startsWith('SCAN') && !step.includes('USING') && !step.includes('CONSTANT'),
  );
  expect(scans, plan.join('\n')).toEqual([]);
  expect(
    plan.filter((step) => step.includes('TEMP B-TREE')),
    plan.join('\n'),
  ).toEqual([]);
});

test('the index of the grid answers alone, without the table', () => {
  using temporary = temporaryCatalog();
  const [step] = temporary.catalog.db
    .prepare(
      `EXPLAIN QUERY PLAN SELECT id FROM images WHERE dataset = 1 AND class_id = 1 AND gone = 0 AND excluded = 0 ORDER BY id`,
    )
    .all() as { detail: string }[];
  expect(step!.detail).toContain('COVERING INDEX images_by_class');
});
