import { FileBytes } from './file-bytes.ts';
import { openKerasWeights } from './hdf5/keras-weights.ts';
import { openOnnxWeights } from './onnx/onnx-weights.ts';
import { openSafetensorsWeights } from './safetensors-weights.ts';
import { openTfjsWeights } from './tfjs/tfjs-weights.ts';
import { openTorchWeights } from './torch/torch-weights.ts';
import { type WeightFile, refuse } from './weight-file.ts';

export type { WeightEntry, WeightFile, WeightFormat } from './weight-file.ts';

const KINDS =
  'Files of safetensors, PyTorch (.pth, .pt), Keras (.h5), TensorFlow.js (model.json) and ONNX are read here.';

/**
 * Opens a file of trained arrays; what it is shows in its first bytes, whatever its name.
 *
 * @throws UserError not-found, no-permission, or bad-input with what is wrong and what to do
 */
export async function openWeightFile(path: string): Promise<WeightFile> {
  const start = await firstBytes(path);
  const text = String.fromCharCode(...start);
  if (start.length === 0) return refuse(path, `it is empty. ${KINDS}`);
  if (text.startsWith('PK\x03\x04')) return openTorchWeights(path, 'zip');
  if (text.startsWith('\x89HDF\r\n\x1a\n')) return openKerasWeights(path);
  if (text[8] === '{' && start[6] === 0 && start[7] === 0) return openSafetensorsWeights(path);
  if (/^\s*\{/.test(text)) return openTfjsWeights(path);
  if (start[0] === 0x80 && start[1]! <= 5) return openTorchWeights(path, 'legacy');
  if (text.slice(257, 262) === 'ustar')
    return refuse(
      path,
      'it is a tar archive. Unpack it, or load and save the weights again in a newer PyTorch.',
    );
  // ModelProto has no mark: it begins with its version (field 1) where other programs wrote it in order.
  if (start[0] === 0x08 || /\.onnx$/i.test(path)) return openOnnxWeights(path);
  return refuse(path, `it is of no kind that is known. ${KINDS}`);
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await FileBytes.open(path);
  try {
    return await file.read(0, Math.min(file.size, 512), 'its start');
  } finally {
    await file.close();
  }
}
