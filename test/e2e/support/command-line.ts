import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');
const CLI = resolve(ROOT, 'out/node/cli.js');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
  /** Standard output read as JSON. */
  json(): Record<string, unknown>;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves once what was printed (both streams) matches; rejects when the command ends without. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
}

/** The built `plumage`, as a person or a script runs it. */
export class CommandLine {
  readonly #libraryPath: string;

  constructor(libraryPath: string) {
    this.#libraryPath = libraryPath;
  }

  start(...words: readonly string[]): Running {
    const child = spawn(process.execPath, [CLI, ...words, '--library', this.#libraryPath], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let errors = '';
    let all = '';
    const look = new Set<() => void>();
    const take = (text: string): void => {
      all += text;
      for (const each of look) each();
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      take(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
      take(text);
    });
    const ended = new Promise<Ended>((done, failed) => {
      child.once('error', failed);
      child.once('close', (code) =>
        done({ code, out, errors, json: () => JSON.parse(out) as Record<string, unknown> }),
      );
    });
    return {
      process: child,
      ended,
      printed: (pattern) =>
        new Promise((found, failed) => {
          const check = (): void => {
            const match = pattern.exec(all);
            if (match) found(match);
          };
          look.add(check);
          check();
          void ended.then(() =>
            failed(new Error(`${words.join(' ')} ended without ${String(pattern)}:\n${all}`)),
          );
        }),
    };
  }

  run(...words: readonly string[]): Promise<Ended> {
    return this.start(...words).ended;
  }

  /** Runs with `--json`; fails with what the command said when it fails. */
  async json(...words: readonly string[]): Promise<Record<string, unknown>> {
    const { code, out, errors, json } = await this.run(...words, '--json');
    if (code !== 0)
      throw new Error(`plumage ${words.join(' ')} ended with ${String(code)}:\n${out}\n${errors}`);
    return json();
  }
}
