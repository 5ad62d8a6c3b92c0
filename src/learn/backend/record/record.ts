import * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend } from '../native/native-backend.ts';
import { GraphBuilder } from './graph-builder.ts';
import { RecordedFunction } from './recorded-function.ts';
import { Trace } from './trace.ts';

/** Warm-up calls (first uploads of constants) make early traces differ; so many differences are borne. */
const MAX_DIFFERENCES = 3;

export type TensorFunction = (...inputs: tf.Tensor[]) => tf.Tensor;

export interface Recorded {
  /** Runs the function, replayed where it is recorded. */
  call(...inputs: tf.Tensor[]): tf.Tensor;
  /** Runs the function as usual; gives the recording up where it no longer does what was recorded. */
  retrace(...inputs: tf.Tensor[]): tf.Tensor;
  /** Whether calls of the last kind of arguments are replayed already. */
  isReplaying(): boolean;
  /** Why calls are not replayed, as a clause; null where they are, or where two runs have not been compared yet. */
  reason(): string | null;
  /** Goes back to running as usual for good. */
  abandon(reason: string): void;
  dispose(): void;
}

/** The function as it is, with why it is not recorded. */
export const unrecorded = (run: TensorFunction, reason: string | null): Recorded => ({
  call: run,
  retrace: run,
  isReplaying: () => false,
  reason: () => reason,
  abandon: () => undefined,
  dispose: () => undefined,
});

/** What is known of one kind of arguments. */
interface Recording {
  signature: readonly string[] | null;
  differences: number;
  recorded: RecordedFunction | null;
  reason: string | null;
}

/**
 * Records what `run` makes TensorFlow do and replays it as one graph function, a recording for each kind of arguments
 * (types and shapes). The first calls run as usual; when two in a row did exactly the same, later ones are replayed.
 *
 * Only the arguments may change between calls. Whatever else JavaScript computes becomes part of the recording, except
 * variables that `run` assigns and resources that it updates, which are state. Where two runs differ or a value is read
 * inside, it stays with running as usual and `warn` is told why.
 */
export const record = (
  backend: NativeBackend,
  run: TensorFunction,
  warn: (reason: string) => void,
): Recorded => new RecordedCalls(backend, run, warn);

class RecordedCalls implements Recorded {
  readonly #backend: NativeBackend;
  readonly #run: TensorFunction;
  readonly #warn: (reason: string) => void;
  readonly #recordings = new Map<string, Recording>();
  #last: Recording | null = null;
  #abandoned: string | null = null;

  constructor(backend: NativeBackend, run: TensorFunction, warn: (reason: string) => void) {
    this.#backend = backend;
    this.#run = run;
    this.#warn = warn;
  }

  call(...inputs: tf.Tensor[]): tf.Tensor {
    if (this.#abandoned !== null) return this.#run(...inputs);
    const recording = this.#recordingOf(inputs);
    if (recording.recorded) {
      const [result] = recording.recorded.call(this.#backend.getInputTensorIds(inputs));
      return result as tf.Tensor;
    }
    if (recording.reason !== null) return this.#run(...inputs);
    return this.#observe(recording, inputs);
  }

  retrace(...inputs: tf.Tensor[]): tf.Tensor {
    const recording = this.#recordingOf(inputs);
    if (this.#abandoned !== null || !recording.recorded) return this.call(...inputs);
    const { trace, result } = this.#trace(inputs);
    const signature = trace.signature();
    const difference = trace.obstacle ?? differenceOf(recording.signature, signature);
    if (difference !== null) this.#giveUp(recording, difference);
    return result;
  }

  isReplaying(): boolean {
    return this.#abandoned === null && this.#last !== null && this.#last.recorded !== null;
  }

  reason(): string | null {
    return this.#abandoned ?? this.#last?.reason ?? null;
  }

  abandon(reason: string): void {
    this.#abandoned = reason;
    this.#forget();
  }

  dispose(): void {
    this.#forget();
  }

  #recordingOf(inputs: readonly tf.Tensor[]): Recording {
    const key = inputs.map((input) => `${input.dtype}[${input.shape.join()}]`).join();
    let recording = this.#recordings.get(key);
    if (!recording) {
      recording = { signature: null, differences: 0, recorded: null, reason: null };
      this.#recordings.set(key, recording);
    }
    this.#last = recording;
    return recording;
  }

  /** Runs as usual and takes notes; the second of two equal runs becomes the recording. */
  #observe(recording: Recording, inputs: readonly tf.Tensor[]): tf.Tensor {
    const { trace, result } = this.#trace(inputs);
    const signature = trace.signature();
    const difference = differenceOf(recording.signature, signature);
    if (trace.obstacle !== null) this.#giveUp(recording, trace.obstacle);
    else if (difference === null) this.#build(recording, trace, inputs, result);
    else {
      recording.differences += recording.signature ? 1 : 0;
      if (recording.differences > MAX_DIFFERENCES) this.#giveUp(recording, difference);
    }
    recording.signature = signature;
    return result;
  }

  #trace(inputs: readonly tf.Tensor[]): { trace: Trace; result: tf.Tensor } {
    const backend = this.#backend;
    const trace = new Trace(backend.getInputTensorIds(inputs), registeredVariables(backend));
    return { trace, result: trace.run(backend, () => this.#run(...inputs)) };
  }

  #build(recording: Recording, trace: Trace, inputs: readonly tf.Tensor[], result: tf.Tensor): void {
    const backend = this.#backend;
    try {
      const info = inputs.map(({ dataId }) => backend.tensorMap.get(dataId));
      const built = new GraphBuilder(backend, trace, info).build(
        backend.getInputTensorIds([result]),
        (variable) => handleOf(backend, variable),
      );
      recording.recorded = new RecordedFunction(backend, built, functionName());
    } catch (error) {
      this.#giveUp(recording, error instanceof Error ? error.message : String(error));
    }
  }

  #giveUp(recording: Recording, reason: string): void {
    recording.recorded?.dispose();
    recording.recorded = null;
    recording.reason = reason;
    this.#warn(`The training step could not be recorded and runs step by step, which is slower: ${reason}.`);
  }

  #forget(): void {
    for (const { recorded } of this.#recordings.values()) recorded?.dispose();
    this.#recordings.clear();
    this.#last = null;
  }
}

let recordedCount = 0;
const functionName = (): string => `plumage_step_${String(recordedCount++)}`;

const handleOf = (backend: NativeBackend, variable: tf.Variable): number =>
  backend.tensorMap.get(variable.dataId).id;

function registeredVariables(backend: NativeBackend): Map<number, tf.Variable> {
  const variables = Object.values(tf.engine().registeredVariables);
  return new Map(variables.map((variable) => [backend.getInputTensorIds([variable])[0] as number, variable]));
}

/** The first operation in which two runs differ, as a clause; null where they did the same. */
function differenceOf(before: readonly string[] | null, now: readonly string[]): string | null {
  if (before?.length === now.length && now.every((line, i) => line === before[i])) return null;
  const index = now.findIndex((line, i) => line !== before?.[i]);
  return `its operation ${String(index)} changes from call to call (${(now[index] ?? 'the end').slice(0, 200)})`;
}
