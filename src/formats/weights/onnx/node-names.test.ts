import { expect, it } from 'vitest';
import { type GraphNode, aliasesOf } from './node-names.ts';

const node = (kind: string, name: string, inputs: string[], outputs: string[]): GraphNode => ({
  kind,
  name,
  inputs,
  outputs,
});

it('gives numbered filters and biases the names of their modules, through copies of equal arrays', () => {
  const aliases = aliasesOf(
    [
      node('Identity', 'Identity_0', ['onnx::Conv_2'], ['onnx::Conv_5']),
      node('Conv', '/conv1/Conv', ['x', 'onnx::Conv_1', 'onnx::Conv_2'], ['a']),
      node(
        'Conv',
        '/layer1/layer1.0/downsample/downsample.0/Conv',
        ['a', 'onnx::Conv_4', 'onnx::Conv_5'],
        ['b'],
      ),
      node('Conv', 'node_Conv_7', ['b', 'layer2.0.conv1.weight', 'val_3'], ['c']),
      node('Conv', 'node_Conv_8', ['c', 'val_4'], ['d']),
      node('Relu', '/relu/Relu', ['d'], ['e']),
    ],
    new Set(['onnx::Conv_1', 'onnx::Conv_2', 'onnx::Conv_4', 'layer2.0.conv1.weight', 'val_3', 'val_4']),
  );
  expect(Object.fromEntries(aliases)).toEqual({
    'onnx::Conv_5': 'onnx::Conv_2',
    'conv1.weight': 'onnx::Conv_1',
    'conv1.bias': 'onnx::Conv_2',
    'layer1.0.downsample.0.weight': 'onnx::Conv_4',
    'layer1.0.downsample.0.bias': 'onnx::Conv_2',
    'layer2.0.conv1.bias': 'val_3',
  });
});
