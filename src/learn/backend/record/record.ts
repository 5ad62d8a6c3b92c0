import * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend } from '../native/native-backend.ts';
import { GraphBuilder } from './graph-builder.ts';
import { RecordedFunction } from './recorded-function.ts';
import { Trace } from './trace.ts';

/** Warm-up calls (first uploads of constants) make early traces differ; so many differences are borne. */
const MAX_DIFFERENCES = 3;

export type TensorFunction = (...inputs: tf.Tensor[]) => tf.Tensor;

export interface Recorded {
  readonly call: TensorFunction;
  /** Whether calls of the last kind of arguments are replayed already. */
  isReplaying(): boolean;
  dispose(): void;
}

interface Recording {
  signature: string[] | null;
  differences: number;
  recorded: RecordedFunction | null;
  given: boolean;
}

/**
 * Records what `run` makes TensorFlow do and replays it as one graph function, a recording for each kind of arguments
 * (types and shapes). The first calls run as usual; when two in a row did exactly the same, later ones are replayed.
 *
 * Only the arguments may change between calls. Whatever else JavaScript computes becomes part of the recording, except
 * variables that `run` assigns and resources that it updates, which are state. Where two runs differ or a value is read
 * inside, it stays with running as usual and `warn` is told why.
 */
export function record(
  backend: NativeBackend,
  run: TensorFunction,
  warn: (reason: string) => void,
): Recorded {
  const recordings = new Map<string, Recording>();
  let last: Recording | null = null;
  const recordingOf = (inputs: readonly tf.Tensor[]): Recording => {
    const key = inputs.map((input) => `${input.dtype}[${input.shape.join()}]`).join();
    let recording = recordings.get(key);
    if (!recording) {
      recording = { signature: null, differences: 0, recorded: null, given: false };
      recordings.set(key, recording);
    }
    return recording;
  };
  const giveUp = (recording: Recording, reason: string): void => {
    recording.given = true;
    warn(`The training step could not be recorded and runs step by step, which is slower: ${reason}.`);
  };
  return {
    call: (...inputs) => {
      const recording = recordingOf(inputs);
      last = recording;
      const handles = backend.getInputTensorIds(inputs);
      if (recording.recorded) return recording.recorded.call(handles)[0] as tf.Tensor;
      if (recording.given) return run(...inputs);
      const trace = new Trace(handles, registeredVariables(backend));
      const result = trace.run(backend, () => run(...inputs));
      const signature = trace.signature();
      const same = recording.signature?.join('\n') === signature.join('\n');
      if (trace.obstacle !== null) giveUp(recording, trace.obstacle);
      else if (!same) {
        recording.differences += recording.signature ? 1 : 0;
        if (recording.differences > MAX_DIFFERENCES)
          giveUp(recording, firstDifference(recording.signature, signature));
        recording.signature = signature;
      } else {
        try {
          const info = inputs.map(({ dataId }) => backend.tensorMap.get(dataId));
          const built = new GraphBuilder(backend, trace, info).build(
            backend.getInputTensorIds([result]),
            (variable) => handleOf(backend, variable),
          );
          recording.recorded = new RecordedFunction(backend, built, functionName());
        } catch (error) {
          giveUp(recording, error instanceof Error ? error.message : String(error));
        }
      }
      return result;
    },
    isReplaying: () => last?.recorded !== null && last !== null,
    dispose: () => {
      for (const { recorded } of recordings.values()) recorded?.dispose();
      recordings.clear();
    },
  };
}

let recordedCount = 0;
const functionName = (): string => `plumage_step_${String(recordedCount++)}`;

const handleOf = (backend: NativeBackend, variable: tf.Variable): number =>
  backend.tensorMap.get(variable.dataId).id;

function registeredVariables(backend: NativeBackend): Map<number, tf.Variable> {
  const variables = Object.values(tf.engine().registeredVariables);
  return new Map(variables.map((variable) => [backend.getInputTensorIds([variable])[0] as number, variable]));
}

function firstDifference(before: readonly string[] | null, now: readonly string[]): string {
  const index = now.findIndex((line, i) => line !== before?.[i]);
  return `its operation ${String(index)} changes from call to call (${(now[index] ?? 'the end').slice(0, 200)})`;
}
