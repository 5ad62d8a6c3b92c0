/** First parts of names that classifiers and auxiliary classifiers go by, in the programs that are read. */
const CLASSIFIERS = new Set([
  'fc',
  '_fc',
  'fc1000',
  'fc_out',
  'head',
  'classifier',
  'last_linear',
  'logits',
  'predictions',
  'probs',
  'conv_preds',
  'auxlogits',
  'aux',
  'aux1',
  'aux2',
  'aux_logits',
  'embedding',
  'act_softmax',
]);

/** Whether an array belongs to what stands on top of the features, or only counts batches. @param name canonical, without prefix */
export function isLeftOut(name: string, classifiers: readonly string[]): boolean {
  const parts = name.toLowerCase().split(/[./]/);
  return (
    parts.at(-1) === 'num_batches_tracked' ||
    classifiers.some((prefix) => name.startsWith(prefix)) ||
    CLASSIFIERS.has(parts[0] ?? '')
  );
}
