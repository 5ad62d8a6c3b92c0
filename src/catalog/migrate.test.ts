import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, schemaVersion } from './migrate.ts';
import { APPLICATION_ID, SCHEMA_VERSION, migrations } from './migrations/index.ts';

const dataset = (db: Database.Database, id: string, name: string): void => {
  db.prepare(
    `INSERT INTO datasets (id, name, root_path, layout, created_at) VALUES (?, ?, ?, 'folder', 1)`,
  ).run(id, name, `/${name}`);
};

test('migrations are numbered from 1 without a gap', () => {
  expect(migrations.map((step) => step.version)).toEqual(migrations.map((_, index) => index + 1));
});

test('001 makes tables that keep what belongs together and refuse what does not', () => {
  const db = new Database(':memory:');
  migrate(db);
  db.pragma('foreign_keys = ON');
  expect(schemaVersion(db)).toBe(SCHEMA_VERSION);
  expect(db.pragma('application_id', { simple: true })).toBe(APPLICATION_ID);
  dataset(db, 'ds_aaaaaaaa', 'Birds');
  expect(() => dataset(db, 'ds_bbbbbbbb', 'Birds')).toThrow(/UNIQUE/);
  db.exec(`INSERT INTO classes (dataset, name, imported_name) VALUES (1, 'Owl', 'Owl')`);
  const image = (hash: string): string =>
    `INSERT INTO images (dataset, class_id, imported_class_id, width, height, channels, size_bytes, modified_ms, format, content_hash, pixel_hash, perceptual_hash, path)
     VALUES (1, 1, 1, 8, 8, 3, 10, 1.5, 'png', ${hash}, zeroblob(32), zeroblob(8), 'Owl/1.png')`;
  expect(() => db.exec(image('zeroblob(31)'))).toThrow(/CHECK/);
  expect(() => db.exec(image(`'text'`))).toThrow(/cannot store TEXT|CHECK/);
  db.exec(image('zeroblob(32)'));
  expect(() => db.exec(`UPDATE images SET class_id = 99`)).toThrow(/FOREIGN KEY/);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(db.pragma('foreign_key_check')).toEqual([]);
  const loose = db
    .prepare(
      `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'`,
    )
    .all();
  expect(loose).toEqual([]);
});

test('a later step keeps the data of the one before; one that fails leaves that version whole', () => {
  const db = new Database(':memory:');
  migrate(db);
  dataset(db, 'ds_aaaaaaaa', 'Birds');
  const next = {
    version: SCHEMA_VERSION + 1,
    name: 'colour',
    sql: `ALTER TABLE datasets ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey'`,
  };
  const broken = {
    version: SCHEMA_VERSION + 2,
    name: 'broken',
    sql: `DELETE FROM datasets; SELECT nonsense`,
  };
  expect(() => migrate(db, [...migrations, next, broken])).toThrow(/nonsense/);
  expect(schemaVersion(db)).toBe(SCHEMA_VERSION + 1);
  expect(db.prepare('SELECT name, colour FROM datasets').all()).toEqual([{ name: 'Birds', colour: 'grey' }]);
});

test('a step that breaks a reference is taken back', () => {
  const db = new Database(':memory:');
  migrate(db);
  dataset(db, 'ds_aaaaaaaa', 'Birds');
  db.exec(`INSERT INTO classes (dataset, name, imported_name) VALUES (1, 'Owl', 'Owl')`);
  const step = { version: SCHEMA_VERSION + 1, name: 'careless', sql: `DELETE FROM datasets` };
  expect(() => migrate(db, [...migrations, step])).toThrow(/breaks 1 references/);
  expect(db.prepare('SELECT count(*) FROM datasets').pluck().get()).toBe(1);
});

test('002 keeps the embeddings of before, with a content that equals none', () => {
  const db = new Database(':memory:');
  migrate(db, migrations.slice(0, 1));
  dataset(db, 'ds_aaaaaaaa', 'Birds');
  db.exec(
    `INSERT INTO splits VALUES ('split_a', 1, 1, 'half', 'class-disjoint', 0, zeroblob(32), '{}', '[]', 1)`,
  );
  const columns =
    'id, dataset, dataset_revision, split, part, model_hash, size, source, image_count, dim, file, seconds, created_at';
  const values = (id: string): string =>
    `'${id}', 1, 1, 'split_a', 'test', 'model', 128, '{}', 2, 4, zeroblob(32), 1.5, 1`;
  db.exec(`INSERT INTO embeddings (${columns}) VALUES (${values('emb_old')})`);

  migrate(db, migrations.slice(0, 2));

  const add = (id: string, content: string): unknown =>
    db.exec(`INSERT INTO embeddings (${columns}, content) VALUES (${values(id)}, '${content}')`);
  add('emb_a', 'x');
  expect(() => add('emb_b', 'x')).toThrow(/UNIQUE/);
  add('emb_c', 'y');
  expect(db.prepare('SELECT id, content FROM embeddings ORDER BY id').all()).toEqual([
    { id: 'emb_a', content: 'x' },
    { id: 'emb_c', content: 'y' },
    { id: 'emb_old', content: '' },
  ]);
});
