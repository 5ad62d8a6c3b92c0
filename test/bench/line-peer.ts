import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A process that answers each JSON line on its standard input with one on its standard output. */
export class LinePeer<Request, Answer> {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(command: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...environment },
    });
    this.#process = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  async ask(request: Request): Promise<Answer> {
    this.#process.stdin?.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error('A measured process ended before it answered; its message is above.');
    return JSON.parse(value) as Answer;
  }

  close(): void {
    this.#process.stdin?.end();
  }
}
