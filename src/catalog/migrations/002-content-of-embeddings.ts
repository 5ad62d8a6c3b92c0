/**
 * Which pixels an embedding saw: vectors of files that have changed since are not used again. '' is unknown, which
 * equals no content.
 */
export const sql = `
ALTER TABLE embeddings ADD COLUMN content TEXT NOT NULL DEFAULT '';
DROP INDEX embeddings_by_model;
CREATE UNIQUE INDEX embeddings_by_model ON embeddings (split, part, model_hash, size, dataset_revision, content);
`;
