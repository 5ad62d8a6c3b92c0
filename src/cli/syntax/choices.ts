/** The values of the contract's enumerations, as option choices; a test compares them with the contract. */
export const BACKENDS = ['auto', 'tensorflow-gpu', 'tensorflow', 'wasm'] as const;
export const PARTS = ['train', 'validation', 'test', 'query', 'gallery'] as const;
export const MINING_RULES = ['smart', 'nearest', 'semi-hard'] as const;
export const METRICS = ['cosine', 'euclidean'] as const;
export const EXPORT_KINDS = [
  'dataset',
  'split',
  'embeddings',
  'neighbors',
  'classes',
  'queries',
  'triplets',
  'report',
] as const;
export const EXPORT_FORMATS = ['csv', 'json', 'npy', 'safetensors', 'html'] as const;
