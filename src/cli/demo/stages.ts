import { seconds } from '../output/numbers.ts';
import type { Session } from '../session.ts';

/** Says which of the demo's stages has begun, and how long the last one took. */
export class Stages {
  readonly #session: Session;
  readonly #titles: readonly string[];
  readonly #startedAt = performance.now();
  #number = 0;

  constructor(session: Session, titles: readonly string[]) {
    this.#session = session;
    this.#titles = titles;
  }

  async run<T>(work: () => Promise<T>, outcome: (value: T) => string): Promise<T> {
    const title = this.#titles[this.#number] ?? '';
    this.#number += 1;
    const startedAt = performance.now();
    this.#session.progress.say(`[${this.#number}/${this.#titles.length}] ${title}`);
    const value = await work();
    this.#session.progress.end();
    this.#session.progress.say(
      `      ${outcome(value)} (${seconds((performance.now() - startedAt) / 1000)})`,
    );
    return value;
  }

  get secondsSoFar(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }
}
