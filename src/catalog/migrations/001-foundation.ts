/**
 * The first schema. Conventions: STRICT tables; hashes are BLOBs of their bytes; times are milliseconds since 1970;
 * images and classes have integer ids, everything else prefixed text ids. Datasets have an integer key besides, because
 * a million image rows and their indexes carry it. Images are never deleted (`gone` marks a file that an import no
 * longer found), so ids in stored arrays stay valid for ever.
 */
export const sql = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE datasets (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  root_path TEXT NOT NULL,
  layout TEXT NOT NULL,
  revision INTEGER NOT NULL DEFAULT 0,
  licence TEXT,
  duplicate_groups INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  removed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX datasets_by_name ON datasets (name);
CREATE UNIQUE INDEX datasets_by_root ON datasets (root_path);

CREATE TABLE classes (
  id INTEGER PRIMARY KEY,
  dataset INTEGER NOT NULL REFERENCES datasets (key),
  name TEXT NOT NULL,
  imported_name TEXT NOT NULL,
  images INTEGER NOT NULL DEFAULT 0,
  excluded INTEGER NOT NULL DEFAULT 0,
  cover INTEGER
) STRICT;
CREATE UNIQUE INDEX classes_by_name ON classes (dataset, name);
CREATE INDEX classes_by_imported_name ON classes (dataset, imported_name);

CREATE TABLE images (
  id INTEGER PRIMARY KEY,
  dataset INTEGER NOT NULL REFERENCES datasets (key),
  class_id INTEGER NOT NULL REFERENCES classes (id),
  imported_class_id INTEGER NOT NULL REFERENCES classes (id),
  excluded INTEGER NOT NULL DEFAULT 0 CHECK (excluded IN (0, 1)),
  gone INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1)),
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  channels INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL,
  modified_ms REAL NOT NULL,
  seen_import INTEGER NOT NULL DEFAULT 0,
  format TEXT NOT NULL,
  content_hash BLOB NOT NULL CHECK (length(content_hash) = 32),
  pixel_hash BLOB NOT NULL CHECK (length(pixel_hash) = 32),
  perceptual_hash BLOB NOT NULL CHECK (length(perceptual_hash) = 8),
  path TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX images_by_path ON images (dataset, path);
CREATE INDEX images_by_class ON images (dataset, class_id, id, excluded) WHERE gone = 0;

CREATE TABLE import_problems (
  dataset INTEGER NOT NULL REFERENCES datasets (key),
  path TEXT NOT NULL,
  code TEXT NOT NULL,
  reason TEXT NOT NULL,
  seen_import INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (dataset, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE tags (
  id INTEGER PRIMARY KEY,
  dataset INTEGER NOT NULL REFERENCES datasets (key),
  name TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX tags_by_name ON tags (dataset, name);
CREATE TABLE image_tags (
  image_id INTEGER NOT NULL REFERENCES images (id),
  tag_id INTEGER NOT NULL REFERENCES tags (id),
  PRIMARY KEY (image_id, tag_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX image_tags_by_tag ON image_tags (tag_id, image_id);

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  dataset INTEGER NOT NULL REFERENCES datasets (key),
  revision INTEGER NOT NULL,
  kind TEXT NOT NULL,
  summary TEXT NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  at INTEGER NOT NULL,
  target INTEGER REFERENCES events (id),
  changes TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_dataset ON events (dataset, id);
CREATE INDEX events_by_target ON events (target);
CREATE TRIGGER events_never_change BEFORE UPDATE ON events
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER events_never_leave BEFORE DELETE ON events
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE event_images (
  image_id INTEGER NOT NULL REFERENCES images (id),
  event_id INTEGER NOT NULL REFERENCES events (id),
  PRIMARY KEY (image_id, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_images_by_event ON event_images (event_id);

-- Projection of the journal: 1 stands, 0 was taken back and can be redone, -1 was taken back before a later edit.
CREATE TABLE edit_states (
  event_id INTEGER PRIMARY KEY REFERENCES events (id),
  dataset INTEGER NOT NULL REFERENCES datasets (key),
  state INTEGER NOT NULL CHECK (state IN (-1, 0, 1))
) STRICT;
CREATE INDEX edit_states_by_state ON edit_states (dataset, state, event_id);

CREATE TABLE duplicate_groups (
  id INTEGER PRIMARY KEY,
  dataset INTEGER NOT NULL REFERENCES datasets (key),
  kind TEXT NOT NULL CHECK (kind IN ('exact', 'near')),
  distance INTEGER NOT NULL
) STRICT;
CREATE INDEX duplicate_groups_by_kind ON duplicate_groups (dataset, kind, distance, id);
CREATE TABLE duplicate_members (
  group_id INTEGER NOT NULL REFERENCES duplicate_groups (id) ON DELETE CASCADE,
  image_id INTEGER NOT NULL REFERENCES images (id),
  PRIMARY KEY (group_id, image_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX duplicate_members_by_image ON duplicate_members (image_id, group_id);

CREATE TABLE splits (
  id TEXT PRIMARY KEY,
  dataset INTEGER NOT NULL REFERENCES datasets (key),
  dataset_revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  seed INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  settings TEXT NOT NULL,
  leaks TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX splits_by_name ON splits (dataset, name);
-- Members of a part as packed little-endian 32-bit integers: image ids ascending, and beside each the class that the
-- split saw. A part is written and read whole, and never changes.
CREATE TABLE split_parts (
  split TEXT NOT NULL REFERENCES splits (id) ON DELETE CASCADE,
  part TEXT NOT NULL,
  images INTEGER NOT NULL,
  classes INTEGER NOT NULL,
  image_ids BLOB NOT NULL CHECK (length(image_ids) = 4 * images),
  class_ids BLOB NOT NULL CHECK (length(class_ids) = 4 * images),
  PRIMARY KEY (split, part)
) STRICT;
CREATE TABLE split_leaks (
  split TEXT NOT NULL REFERENCES splits (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  distance INTEGER NOT NULL,
  from_part TEXT NOT NULL,
  to_part TEXT NOT NULL,
  a INTEGER NOT NULL REFERENCES images (id),
  b INTEGER NOT NULL REFERENCES images (id),
  PRIMARY KEY (split, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX split_leaks_by_a ON split_leaks (a);
CREATE INDEX split_leaks_by_b ON split_leaks (b);
CREATE TRIGGER splits_never_change BEFORE UPDATE ON split_parts
  BEGIN SELECT RAISE(ABORT, 'a split never changes'); END;

CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'paused', 'done', 'failed', 'cancelled')),
  progress TEXT,
  subject TEXT,
  request TEXT NOT NULL,
  result TEXT,
  error TEXT,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER
) STRICT;
CREATE INDEX jobs_by_status ON jobs (status, created_at);
CREATE INDEX jobs_by_time ON jobs (created_at);
CREATE TABLE job_log (
  job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  level TEXT NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (job, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  dataset INTEGER NOT NULL REFERENCES datasets (key),
  dataset_revision INTEGER NOT NULL,
  split TEXT NOT NULL REFERENCES splits (id),
  name TEXT NOT NULL,
  method TEXT NOT NULL,
  backend TEXT NOT NULL,
  config TEXT NOT NULL,
  facts TEXT NOT NULL DEFAULT '{}',
  status TEXT NOT NULL,
  job TEXT REFERENCES jobs (id) ON DELETE SET NULL,
  step INTEGER NOT NULL DEFAULT 0,
  steps INTEGER NOT NULL DEFAULT 0,
  epoch REAL NOT NULL DEFAULT 0,
  epochs REAL NOT NULL DEFAULT 0,
  final_loss REAL,
  best_validation REAL,
  error TEXT,
  seconds REAL NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX runs_by_name ON runs (name);
CREATE INDEX runs_by_dataset ON runs (dataset, created_at);
CREATE INDEX runs_by_split ON runs (split);
CREATE INDEX runs_by_job ON runs (job);
CREATE TABLE run_points (
  run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  step INTEGER NOT NULL,
  epoch REAL NOT NULL,
  measured TEXT NOT NULL,
  PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoints (
  id INTEGER PRIMARY KEY,
  run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  step INTEGER NOT NULL,
  epoch REAL NOT NULL,
  file BLOB NOT NULL CHECK (length(file) = 32),
  validation REAL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX checkpoints_by_run ON checkpoints (run, kind, step);
CREATE INDEX checkpoints_by_file ON checkpoints (file);

CREATE TABLE embeddings (
  id TEXT PRIMARY KEY,
  dataset INTEGER NOT NULL REFERENCES datasets (key),
  dataset_revision INTEGER NOT NULL,
  split TEXT NOT NULL REFERENCES splits (id),
  part TEXT NOT NULL,
  model_hash TEXT NOT NULL,
  size INTEGER NOT NULL,
  source TEXT NOT NULL,
  run TEXT REFERENCES runs (id) ON DELETE CASCADE,
  image_count INTEGER NOT NULL,
  dim INTEGER NOT NULL,
  file BLOB NOT NULL CHECK (length(file) = 32),
  seconds REAL NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX embeddings_by_model ON embeddings (split, part, model_hash, size, dataset_revision);
CREATE INDEX embeddings_by_dataset ON embeddings (dataset);
CREATE INDEX embeddings_by_run ON embeddings (run);
CREATE INDEX embeddings_by_file ON embeddings (file);

CREATE TABLE evaluations (
  id TEXT PRIMARY KEY,
  embedding TEXT NOT NULL REFERENCES embeddings (id) ON DELETE CASCADE,
  dataset INTEGER NOT NULL REFERENCES datasets (key),
  split TEXT NOT NULL REFERENCES splits (id),
  part TEXT NOT NULL,
  run TEXT REFERENCES runs (id) ON DELETE CASCADE,
  source TEXT NOT NULL,
  title TEXT NOT NULL,
  protocol TEXT NOT NULL,
  scores TEXT NOT NULL,
  queries INTEGER NOT NULL,
  classes INTEGER NOT NULL,
  excluded_queries INTEGER NOT NULL,
  seen_classes INTEGER NOT NULL,
  zero_shot TEXT REFERENCES evaluations (id) ON DELETE SET NULL,
  difference TEXT,
  file BLOB NOT NULL CHECK (length(file) = 32),
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX evaluations_by_dataset ON evaluations (dataset, created_at);
CREATE INDEX evaluations_by_run ON evaluations (run, created_at);
CREATE INDEX evaluations_by_embedding ON evaluations (embedding);
CREATE INDEX evaluations_by_split ON evaluations (split);
CREATE INDEX evaluations_by_zero_shot ON evaluations (zero_shot);
CREATE INDEX evaluations_by_file ON evaluations (file);

CREATE TABLE refreshes (
  id TEXT PRIMARY KEY,
  dataset INTEGER NOT NULL REFERENCES datasets (key),
  dataset_revision INTEGER NOT NULL,
  embedding TEXT REFERENCES embeddings (id) ON DELETE CASCADE,
  run TEXT REFERENCES runs (id) ON DELETE CASCADE,
  title TEXT NOT NULL,
  rule TEXT NOT NULL,
  part TEXT NOT NULL,
  step INTEGER,
  margin REAL NOT NULL,
  triplets INTEGER NOT NULL,
  anchors_without INTEGER NOT NULL,
  recall_of_index REAL NOT NULL,
  active_share REAL NOT NULL,
  histogram TEXT NOT NULL,
  file BLOB NOT NULL CHECK (length(file) = 32),
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX refreshes_by_dataset ON refreshes (dataset, created_at);
CREATE INDEX refreshes_by_run ON refreshes (run, created_at);
CREATE INDEX refreshes_by_embedding ON refreshes (embedding);
CREATE INDEX refreshes_by_file ON refreshes (file);
CREATE TABLE verdicts (
  refresh TEXT NOT NULL REFERENCES refreshes (id) ON DELETE CASCADE,
  triplet INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  image_id INTEGER REFERENCES images (id),
  event_id INTEGER NOT NULL REFERENCES events (id),
  PRIMARY KEY (refresh, triplet)
) STRICT, WITHOUT ROWID;
`;
