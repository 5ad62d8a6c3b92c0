import { type OpenBackend, openBackend } from '#workers/backend/open-backend.ts';

/** TensorFlow where it is set up, or what PLUMAGE_PARITY_BACKEND says: `wasm` or `tensorflow`. */
export function openParityBackend(): Promise<OpenBackend> {
  const wanted = process.env['PLUMAGE_PARITY_BACKEND'];
  return openBackend(wanted === 'wasm' || wanted === 'tensorflow' ? wanted : 'auto');
}
