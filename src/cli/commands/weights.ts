import path from 'node:path';
import type { BackboneFit, WeightInspection, WeightSet } from '#shared/domain/weights.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { bytes, count, plural, when } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import { command } from '../syntax/definition.ts';
import { describeFit, describeInspection } from '../weights/describe.ts';

const VERBS = ['list', 'inspect', 'import', 'remove'];

/** @throws UserError bad-input where the verb needs a file or a name and has none */
function mustHave(verb: string, given: string | undefined): string {
  if (given !== undefined) return given;
  throw new UserError(
    'bad-input',
    verb === 'remove'
      ? '"weights remove" needs the name or id of imported weights. "plumage weights list" shows them.'
      : `"weights ${verb}" needs a FILE: .pth, .pt, .safetensors, .h5, model.json or .onnx.`,
  );
}

export const weightsCommand = command({
  name: 'weights',
  summary: 'list, inspect, import or remove the trained weights that runs start from',
  details:
    'Files of PyTorch, timm, Keras, TensorFlow.js, ONNX and safetensors are read as data: nothing in them is run. Classifiers are left out.',
  arguments: [
    { name: 'VERB', help: 'what to do (default list)', required: false, choices: VERBS },
    { name: 'FILE', help: 'a file of weights; for remove, imported weights by name or id', required: false },
  ],
  options: {
    backbone: { type: 'text', help: 'the network that they are for (default: the one that they fit)' },
    name: { type: 'text', help: 'what to call them (default: the name of the file)' },
    licence: { type: 'text', value: 'TEXT', help: 'under which licence they were published; kept with them' },
  },
  examples: [
    'weights',
    'weights inspect resnet18-5c106cde.pth',
    'weights import bn_inception-52deb4733.pth --name imagenet',
    'weights remove imagenet',
  ],
  async run({ arguments: [verb = 'list', given], options }, session) {
    const client = await session.client();
    if (verb === 'list') {
      const sets = await client.weights.list({});
      return { json: { weights: sets }, text: describeList(sets) };
    }
    const named = mustHave(verb, given);
    if (verb === 'remove') {
      await client.weights.remove({ weights: named });
      return { json: { removed: named }, text: `Removed ${named}.` };
    }
    const file = path.resolve(named);
    if (verb === 'inspect') {
      const found: WeightInspection = await client.weights.inspect({
        path: file,
        backbone: options.backbone,
      });
      return { json: found, text: describeInspection(found) };
    }
    const { backbone, name, licence } = options;
    const { weights, fit } = await client.weights.import({ path: file, backbone, name, licence });
    return { json: { weights, fit }, text: describeImport(weights, fit) };
  },
});

function describeList(sets: readonly WeightSet[]): string {
  const cells = sets.map((set) => [
    set.name,
    set.backbone,
    set.isDefault ? 'default' : '',
    set.bytes === null ? '' : bytes(set.bytes),
    set.createdAt === null ? 'comes with Plumage' : when(set.createdAt),
    set.licence?.split('\n')[0]?.slice(0, 40) ?? '',
    set.id ?? '',
  ]);
  return table(['name', 'backbone', '', 'size', 'since', 'licence', 'id'], cells, [3]);
}

function describeImport(weights: WeightSet, fit: BackboneFit): string {
  const { name, backbone, isDefault } = weights;
  const own = isDefault ? '' : ` --set "weights=${name}"`;
  return [
    `Imported "${name}" for ${backbone} (${weights.backboneTitle}): ${plural(fit.matched, 'array')}, ${count(fit.missing)} missing.`,
    ...describeFit(fit),
    ...weights.notes,
    `Train with them: plumage train DATASET --backbone ${backbone}${own}`,
  ].join('\n');
}
