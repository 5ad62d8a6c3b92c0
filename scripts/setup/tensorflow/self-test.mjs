/**
 * Run by set-up in Node 26 with the addon's path: loads it, computes a product and a convolution natively and
 * compares both with plain JavaScript; registers and removes a function. Prints one JSON line.
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const binding = createRequire(import.meta.url)(process.argv[2]);
const type = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };

const tensor = (shape, values) => binding.createTensor(shape, binding.TF_FLOAT, Float32Array.from(values));
const execute = (name, attributes, inputs) => [
  ...binding.tensorDataSync(binding.executeOp(name, attributes, inputs, 1)[0].id),
];
const flag = (name) => ({ name, type: binding.TF_ATTR_BOOL, value: false });

function product() {
  const a = [1, 2, 3, 4, 5, 6];
  const b = [7, 8, 9, 10, 11, 12];
  const expected = [0, 1].flatMap((i) =>
    [0, 1].map((j) => [0, 1, 2].reduce((sum, k) => sum + a[i * 3 + k] * b[k * 2 + j], 0)),
  );
  const attributes = [flag('transpose_a'), flag('transpose_b'), type];
  assert.deepEqual(execute('MatMul', attributes, [tensor([2, 3], a), tensor([3, 2], b)]), expected);
}

function convolution() {
  const image = Array.from({ length: 16 }, (_, i) => (i * 7) % 5);
  const kernel = [1, -2, 3, 4];
  const expected = [];
  for (let y = 0; y < 3; y += 1) {
    for (let x = 0; x < 3; x += 1) {
      const at = (dy, dx) => image[(y + dy) * 4 + x + dx];
      expected.push(
        at(0, 0) * kernel[0] + at(0, 1) * kernel[1] + at(1, 0) * kernel[2] + at(1, 1) * kernel[3],
      );
    }
  }
  const attributes = [
    type,
    { name: 'strides', type: binding.TF_ATTR_INT, value: [1, 1, 1, 1] },
    { name: 'padding', type: binding.TF_ATTR_STRING, value: 'VALID' },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
    { name: 'use_cudnn_on_gpu', type: binding.TF_ATTR_BOOL, value: true },
    { name: 'dilations', type: binding.TF_ATTR_INT, value: [1, 1, 1, 1] },
  ];
  assert.deepEqual(
    execute('Conv2D', attributes, [tensor([1, 4, 4, 1], image), tensor([2, 2, 1, 1], kernel)]),
    expected,
  );
}

product();
convolution();
binding.addFunction('plumage_self_test', new Uint8Array(), [], [], []);
binding.removeFunction('plumage_self_test');
process.stdout.write(`${JSON.stringify({ version: binding.TF_Version })}\n`);
