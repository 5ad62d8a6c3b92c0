/** A sweep is a set of runs: each of its trials is an ordinary run that names it and what was varied. */
export const sql = `
CREATE TABLE sweeps (
  id TEXT PRIMARY KEY,
  dataset INTEGER NOT NULL REFERENCES datasets (key),
  split TEXT NOT NULL REFERENCES splits (id),
  name TEXT NOT NULL,
  request TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX sweeps_by_name ON sweeps (name);
CREATE INDEX sweeps_by_dataset ON sweeps (dataset, created_at);
ALTER TABLE runs ADD COLUMN sweep TEXT REFERENCES sweeps (id);
ALTER TABLE runs ADD COLUMN trial TEXT;
CREATE INDEX runs_by_sweep ON runs (sweep);
`;
