import type { Database } from 'better-sqlite3';
import { APPLICATION_ID, type Migration, migrations } from './migrations/index.ts';

export function schemaVersion(db: Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}

/**
 * Brings a catalogue up to the newest schema, one transaction a step: a step that fails leaves the version before it.
 * Foreign keys are checked at the end of each step, since a step may rebuild a table.
 */
export function migrate(db: Database, steps: readonly Migration[] = migrations): void {
  const from = schemaVersion(db);
  for (const step of steps) {
    if (step.version <= from) continue;
    db.pragma('foreign_keys = OFF');
    db.transaction(() => {
      db.exec(step.sql);
      const broken = db.pragma('foreign_key_check') as unknown[];
      if (broken.length > 0) throw new Error(`migration ${step.name} breaks ${broken.length} references`);
      db.pragma(`user_version = ${step.version}`);
      db.pragma(`application_id = ${APPLICATION_ID}`);
    })();
    db.pragma('foreign_keys = ON');
  }
}
