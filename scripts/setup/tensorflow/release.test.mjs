import assert from 'node:assert/strict';
import { test } from 'vitest';
import { installCommand, unavailableSentence } from './needs.mjs';
import { chooseKind, placeOfWheelFile, WHEELS } from './release.mjs';

test('the GPU wheel is chosen where a driver is, unless the user says otherwise', () => {
  assert.equal(
    chooseKind({}, () => false),
    'cpu',
  );
  assert.equal(
    chooseKind({}, () => true),
    'gpu',
  );
  assert.equal(
    chooseKind({ PLUMAGE_TENSORFLOW: 'cpu' }, () => true),
    'cpu',
  );
  assert.equal(
    chooseKind({ PLUMAGE_TENSORFLOW: 'gpu' }, () => false),
    'gpu',
  );
});

test('every wheel is pinned by version and checksum', () => {
  for (const wheel of Object.values(WHEELS)) {
    assert.match(wheel.requirement, /==2\.21\.0$/);
    assert.match(wheel.sha256, /^[0-9a-f]{64}$/);
  }
});

test('two libraries, the C headers and the licence are taken out of a wheel, and nothing else', () => {
  const place = placeOfWheelFile;
  assert.equal(place('tensorflow/libtensorflow_cc.so.2'), 'deps/lib/libtensorflow_cc.so.2');
  assert.equal(place('tensorflow/libtensorflow_framework.so.2'), 'deps/lib/libtensorflow_framework.so.2');
  assert.equal(place('tensorflow/include/tensorflow/c/c_api.h'), 'deps/include/tensorflow/c/c_api.h');
  assert.equal(place('tensorflow/include/xla/tsl/c/tsl_status.h'), 'deps/include/xla/tsl/c/tsl_status.h');
  assert.equal(place('tensorflow_cpu-2.21.0.dist-info/LICENSE'), 'LICENSE.tensorflow');
  assert.equal(place('tensorflow/include/Eigen/Core.h'), undefined);
  assert.equal(place('tensorflow/python/_pywrap_tensorflow.so'), undefined);
});

test('what is missing is one exact command', () => {
  const all = ['Python 3 with pip', 'g++'];
  const debian = installCommand(all, { debian: true });
  assert.equal(debian, 'sudo apt-get install -y --no-install-recommends g++ python3-pip');
  assert.equal(
    installCommand(['g++'], { debian: false, has: (name) => name === 'dnf' }),
    'sudo dnf install -y gcc-c++',
  );
  assert.match(
    unavailableSentence(all, debian),
    /because Python 3 with pip and g\+\+ is missing: run "sudo apt-get/,
  );
  assert.match(unavailableSentence(all, undefined), /package manager/);
});
