import { expect, it } from 'vitest';
import { PickleReader } from './pickle.ts';
import { TorchHost } from './torch-host.ts';

const read = (text: string): unknown =>
  new PickleReader(
    Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
    new TorchHost('w.pth'),
  ).read();

it.each([
  'os.system',
  'builtins.eval',
  'numpy.core.multiarray._reconstruct',
  'torch.nn.modules.conv.Conv2d',
  'torch.load',
  'torch._utils._rebuild_tensor_v3',
  'torch.FloatStorage2',
  'collections.defaultdict',
  'argparse.Namespace',
  '__builtin__.set',
  'torch.jit._pickle.build_intlist',
])('refuses %s by its name, and says what to save', (name) => {
  const dot = name.lastIndexOf('.');
  const call = `c${name.slice(0, dot)}\n${name.slice(dot + 1)}\n)R.`;
  expect(() => read(call)).toThrow(`w.pth cannot be read as weights: its pickle names "${name}"`);
  expect(() => read(call)).toThrow('torch.save(model.state_dict()');
});

it('calls a TorchScript program by its name', () => {
  expect(() => read('c__torch__.torch.nn\nSequential\n.')).toThrow(/TorchScript program/);
});

it('does not call storages, and wants tensors whole', () => {
  expect(() => read('ctorch\nFloatStorage\n)R.')).toThrow(/calls "torch\.FloatStorage"/);
  expect(() => read('ctorch._utils\n_rebuild_tensor_v2\n)R.')).toThrow(/no tensor where one should be/);
  expect(() => read('(K\x01K\x02tQ.')).toThrow(/no tensor where one should be/);
});

it('makes ordered dictionaries of pairs', () => {
  expect(read('ccollections\nOrderedDict\n(]](K\x01K\x02eatR.')).toEqual(new Map([[1, 2]]));
});
