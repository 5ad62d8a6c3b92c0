/** Weights that people imported for a backbone: the arrays lie in the content store under the network's own names. */
export const sql = `
CREATE TABLE weights (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  backbone TEXT NOT NULL,
  file BLOB NOT NULL CHECK (length(file) = 32),
  bytes INTEGER NOT NULL,
  format TEXT NOT NULL,
  source TEXT NOT NULL,
  licence TEXT,
  matched INTEGER NOT NULL,
  filled INTEGER NOT NULL,
  left_out INTEGER NOT NULL,
  unexpected INTEGER NOT NULL,
  notes TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX weights_by_name ON weights (name);
CREATE INDEX weights_by_backbone ON weights (backbone, created_at);
CREATE INDEX weights_by_file ON weights (file);
`;
