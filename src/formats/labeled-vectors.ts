import { UserError } from '#shared/rpc/errors.ts';
import { type Labels, readLabels } from './labels.ts';
import { readNpy } from './npy.ts';

/** Vectors and labels that another program wrote. */
export interface LabeledVectors extends Labels {
  readonly vectors: Float32Array | Float64Array;
  readonly rows: number;
  readonly dim: number;
}

/**
 * Reads embeddings (npy, float32 or float64, [rows, dim]) and their labels (npy, CSV or JSON, one a row).
 * @throws UserError bad-input where shapes, types or counts do not fit
 */
export async function readLabeledVectors(
  embeddingsPath: string,
  labelsPath: string,
): Promise<LabeledVectors> {
  const { type, shape, data } = await readNpy(embeddingsPath);
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    throw new UserError(
      'bad-input',
      `${embeddingsPath} holds values of type "${type}". Embeddings are float32 or float64: convert them with astype.`,
    );
  }
  const [rows = 0, dim = 0] = shape;
  if (shape.length !== 2 || dim === 0) {
    throw new UserError(
      'bad-input',
      `${embeddingsPath} has the shape (${shape.join(', ')}). Embeddings are [rows, dim].`,
    );
  }
  if (rows < 2)
    throw new UserError('bad-input', `${embeddingsPath} has ${rows} rows. At least two are needed.`);
  const labels = await readLabels(labelsPath);
  if (labels.labels.length !== rows) {
    throw new UserError(
      'bad-input',
      `${embeddingsPath} has ${rows} rows and ${labelsPath} ${labels.labels.length} labels. Give one label for each row.`,
    );
  }
  return { ...labels, vectors: data, rows, dim };
}
