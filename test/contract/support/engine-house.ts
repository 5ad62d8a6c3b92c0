import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ConnectOptions, type EngineConnection, connectOrStart } from '#engine/process/connect.ts';

export const STUB_ENGINE = path.join(import.meta.dirname, 'stub-engine.ts');

/** A library with a socket folder of its own, and every engine that a test started on it. */
export class EngineHouse {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly #connections: EngineConnection[] = [];

  private constructor(folder: string) {
    this.folder = folder;
    this.env = { ...process.env, XDG_RUNTIME_DIR: folder };
  }

  static async open(): Promise<EngineHouse> {
    return new EngineHouse(await mkdtemp(path.join(tmpdir(), 'plumage-house-')));
  }

  get libraryPath(): string {
    return path.join(this.folder, 'library');
  }

  async connect(options: Partial<ConnectOptions> = {}): Promise<EngineConnection> {
    const { libraryPath, env } = this;
    const connection = await connectOrStart({
      libraryPath,
      env,
      clientName: 'test',
      entry: STUB_ENGINE,
      ...options,
    });
    this.#connections.push(connection);
    return connection;
  }

  async close(): Promise<void> {
    for (const { pid } of this.#connections) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    for (const { pid } of this.#connections) await until(() => !isAlive(pid));
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A process that has ended but was not collected by its parent yet counts as gone. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return (
      process.platform !== 'linux' || !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    );
  } catch {
    return false;
  }
}

/** Asks until it is so; the test's own time limit ends the asking. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
