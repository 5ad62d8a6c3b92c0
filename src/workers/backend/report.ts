import type { BackendReport } from '#shared/contract/system.ts';
import type { BackendId, OpenBackend } from './open-backend.ts';
import { openBackend } from './open-backend.ts';
import { MAX_KERNEL_ERROR, compareKernels } from './self-check.ts';

const ORDER: readonly BackendId[] = ['tensorflow-gpu', 'tensorflow', 'wasm'];

/** Opens the backend that `auto` takes, checks its kernels and says of each backend whether and why. */
export async function reportBackends(): Promise<BackendReport[]> {
  const backend = await openBackend('auto');
  return [...ORDER.map((id) => rowOf(id, backend)), WEBGPU];
}

function rowOf(id: BackendId, backend: OpenBackend): BackendReport {
  const inUse = backend.id === id;
  const available = inUse || id === 'wasm';
  const reason =
    inUse && backend.native
      ? `${backend.reasons[id]} ${checkSentence(backend)} ${recordingSentence(backend)}`
      : backend.reasons[id];
  const shown = reason || 'Not needed: a faster backend is in use.';
  return { id, available, inUse, reason: shown, version: inUse ? backend.version : null };
}

function checkSentence(backend: OpenBackend): string {
  const errors = compareKernels(backend.kernels);
  const worst = errors.reduce((a, b) => (b.relativeError > a.relativeError ? b : a));
  const found = `largest relative error ${worst.relativeError.toExponential(1)} (${worst.kernel})`;
  return worst.relativeError <= MAX_KERNEL_ERROR
    ? `Its ${String(errors.length)} native kernels agree with the composed ones: ${found}.`
    : `Its native kernels do not agree with the composed ones: ${found}. Run \`npm run setup\` to set TensorFlow up again, or choose wasm.`;
}

const recordingSentence = ({ nativeBackend }: OpenBackend): string =>
  nativeBackend?.binding.addFunction === undefined
    ? 'Training steps run one operation at a time, which is slower: this addon cannot record them. Run `npm run setup` to set it up again.'
    : 'Training steps are recorded and replayed; each run checks its own and says in its log where one is not.';

const WEBGPU: BackendReport = {
  id: 'webgpu',
  available: false,
  inUse: false,
  reason: 'Plumage does not train in the browser: the engine computes.',
  version: null,
};
