import { availableParallelism } from 'node:os';
import { composedKernels } from '#learn/backend/composed.ts';
import type { Kernels } from '#learn/backend/kernels.ts';
import { createNativeKernels } from '#learn/backend/native/native-kernels.ts';
import type { NativeBackend } from '#learn/backend/native/native-backend.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { BackendChoice } from '#shared/domain/run.ts';
import { type Provisioned, defaultCachePath, readProvisioned } from './provisioned.ts';
import { type ThreadPlan, loadTensorflow } from './tensorflow.ts';
import { loadWasm } from './wasm.ts';

export type BackendId = 'tensorflow-gpu' | 'tensorflow' | 'wasm';

export interface OpenBackend {
  readonly id: BackendId;
  /** Version of TensorFlow or of the WebAssembly package. */
  readonly version: string;
  /** TensorFlow's own kernels are used (always with TensorFlow, never with WebAssembly). */
  readonly native: boolean;
  readonly kernels: Kernels;
  /** The raw backend, for recording; null where there is none. */
  readonly nativeBackend: NativeBackend | null;
  readonly threads: ThreadPlan;
  /** For each backend why it is used or not. */
  readonly reasons: Readonly<Record<BackendId, string>>;
}

export interface BackendOptions {
  readonly cachePath?: string;
  /** Cores to use; all of them by default. */
  readonly threads?: number;
  /**
   * A recorded training step runs independent operations side by side, everything else divides single operations.
   * The plan changes the bits of the results, so a run keeps the one that it began with.
   */
  readonly plan?: 'training' | 'inference';
}

let opened: Promise<OpenBackend> | null = null;

/**
 * The one place that decides what computes. Opens the backend of this process (the first call decides, later calls get
 * the same one); run it in a child process only, because native code that fails takes its process with it.
 *
 * @throws UserError `backend-failed` where the chosen backend cannot be had, with the reason and the next step
 */
export function openBackend(choice: BackendChoice, options: BackendOptions = {}): Promise<OpenBackend> {
  opened ??= decide(choice, options);
  return opened;
}

async function decide(choice: BackendChoice, options: BackendOptions): Promise<OpenBackend> {
  const cores = Math.max(1, options.threads ?? availableParallelism());
  const provisioned = await readProvisioned(options.cachePath ?? defaultCachePath(process.env));
  const reasons: Record<BackendId, string> = {
    'tensorflow-gpu': reasonAgainst('tensorflow-gpu', provisioned) ?? '',
    tensorflow: reasonAgainst('tensorflow', provisioned) ?? '',
    wasm: 'Runs everywhere, several times slower than TensorFlow.',
  };
  for (const id of choice === 'auto' ? (['tensorflow-gpu', 'tensorflow'] as const) : [choice]) {
    if (id === 'wasm' || reasons[id] !== '' || 'unavailable' in provisioned) continue;
    const plan = planThreads(cores, options.plan ?? 'inference');
    try {
      const backend = loadTensorflow(provisioned.path, plan);
      if (id === 'tensorflow-gpu' && !backend.isUsingGpuDevice) {
        reasons[id] = 'TensorFlow for the graphics card is installed, but it found no usable card or driver.';
        if (choice === id) break;
      }
      const used = backend.isUsingGpuDevice ? 'tensorflow-gpu' : 'tensorflow';
      reasons[used] = `In use: TensorFlow ${backend.binding.TF_Version}.`;
      const kernels = createNativeKernels(backend);
      return {
        id: used,
        version: backend.binding.TF_Version,
        native: true,
        kernels,
        nativeBackend: backend,
        threads: plan,
        reasons,
      };
    } catch (cause) {
      reasons[id] =
        `TensorFlow could not be loaded (${sentenceOf(cause)}). Run \`npm run setup\` to set it up again.`;
    }
  }
  if (choice !== 'auto' && choice !== 'wasm') throw new UserError('backend-failed', reasons[choice]);
  const version = await loadWasm(1);
  reasons.wasm = `In use: WebAssembly, several times slower than TensorFlow.`;
  const threads = { withinOperation: 1, betweenOperations: 1 };
  return {
    id: 'wasm',
    version,
    native: false,
    kernels: composedKernels,
    nativeBackend: null,
    threads,
    reasons,
  };
}

function reasonAgainst(id: 'tensorflow-gpu' | 'tensorflow', provisioned: Provisioned): string | null {
  if ('unavailable' in provisioned) return provisioned.unavailable;
  if (id === 'tensorflow-gpu' && provisioned.kind === 'cpu') {
    return 'The TensorFlow that is set up is the one for processors: set-up found no NVIDIA driver.';
  }
  return null;
}

const planThreads = (cores: number, plan: 'training' | 'inference'): ThreadPlan =>
  plan === 'training'
    ? { withinOperation: 1, betweenOperations: cores }
    : { withinOperation: cores, betweenOperations: Math.min(2, cores) };

const sentenceOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]?.replace(/\.$/, '') ?? 'unknown';
