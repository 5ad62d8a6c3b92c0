import { untrack } from 'svelte';
import type { Client } from '../../shared/contract/index.ts';
import { isCancelled } from './failure.ts';

type ChangeItem = Client['system']['changes'] extends (...args: never[]) => AsyncIterable<{ value: infer T }>
  ? T
  : never;
export type ChangeTopic = ChangeItem['topics'][number];

const TOPICS: readonly ChangeTopic[] = [
  'datasets',
  'images',
  'splits',
  'runs',
  'evaluations',
  'triplets',
  'weights',
  'jobs',
  'serve',
];

/**
 * Knows which topics changed in the engine, whoever changed them. `version(topic)` is a number to read inside an effect
 * or a Resource: when it grows, read again.
 */
export class ChangesState {
  #versions = $state<Record<string, number>>({});

  version(topic: ChangeTopic): number {
    return this.#versions[topic] ?? 0;
  }

  /** Follows one engine until the signal ends it. Everything may have changed while nobody looked. */
  async follow(client: Client, signal: AbortSignal): Promise<void> {
    this.touch(TOPICS);
    try {
      for await (const { value, missed } of client.system.changes({}, { signal })) {
        this.touch(missed > 0 ? TOPICS : value.topics);
      }
    } catch (cause) {
      if (!isCancelled(cause) && !isDisconnected(cause)) throw cause;
    }
  }

  /** Marks topics as changed. */
  touch(topics: readonly ChangeTopic[]): void {
    untrack(() => {
      for (const topic of topics) this.#versions[topic] = (this.#versions[topic] ?? 0) + 1;
    });
  }
}

function isDisconnected(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'disconnected';
}
