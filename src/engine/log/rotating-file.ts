import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

export interface RotatingFileOptions {
  readonly maxBytes: number;
  /** Older files that are kept beside the newest: `engine.1.log`, `engine.2.log`. */
  readonly keep: number;
}

/** A log file that never grows beyond a small size: full, it becomes `name.1.log` and the oldest goes. */
export class RotatingFile {
  readonly #folder: string;
  readonly #name: string;
  readonly #options: RotatingFileOptions;
  /** null between two files, and after a failure to open the next one. */
  #descriptor: number | null;
  #bytes: number;

  constructor(
    folder: string,
    name: string,
    options: RotatingFileOptions = { maxBytes: 2 * 1024 * 1024, keep: 2 },
  ) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#name = name;
    this.#options = options;
    this.#descriptor = openSync(this.#path(0), 'a', 0o600);
    this.#bytes = fstatSync(this.#descriptor).size;
  }

  /** Writes at once: what was logged before a crash is on disk after it. A full disk loses the line, not the engine. */
  write(line: string): void {
    try {
      if (this.#bytes + line.length > this.#options.maxBytes && this.#bytes > 0) this.#rotate();
      this.#descriptor ??= openSync(this.#path(0), 'a', 0o600);
      this.#bytes += writeSync(this.#descriptor, line);
    } catch {
      // Nobody is left to tell.
    }
  }

  close(): void {
    const descriptor = this.#descriptor;
    // Forgotten first: the number of a closed file may be another file's by the next line.
    this.#descriptor = null;
    if (descriptor !== null) closeSync(descriptor);
  }

  #rotate(): void {
    this.close();
    rmSync(this.#path(this.#options.keep), { force: true });
    for (let age = this.#options.keep - 1; age >= 0; age--) {
      try {
        renameSync(this.#path(age), this.#path(age + 1));
      } catch {
        // That age does not exist yet.
      }
    }
    this.#bytes = 0;
  }

  #path(age: number): string {
    return path.join(this.#folder, age === 0 ? `${this.#name}.log` : `${this.#name}.${age}.log`);
  }
}
