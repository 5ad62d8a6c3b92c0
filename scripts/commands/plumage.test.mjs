import assert from 'node:assert/strict';
import { test } from 'vitest';
import { hasDisplay } from './display.mjs';
import { stepsFor } from './plumage.mjs';

test('only commands that compute set up TensorFlow, only the browser needs the window', () => {
  assert.deepEqual(stepsFor(['datasets']), ['packages', 'node', 'build-node']);
  assert.deepEqual(stepsFor(['--json', 'train', 'Birds']), ['packages', 'node', 'tensorflow', 'build-node']);
  assert.deepEqual(stepsFor(['train', '--help']), ['packages', 'node', 'build-node']);
  assert.deepEqual(stepsFor(['serve']), ['packages', 'node', 'tensorflow', 'build-node', 'build-window']);
});

test('a display is X or Wayland on Linux and always there elsewhere', () => {
  assert.equal(hasDisplay({}, 'linux'), false);
  assert.equal(hasDisplay({ DISPLAY: ':1' }, 'linux'), true);
  assert.equal(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux'), true);
  assert.equal(hasDisplay({}, 'darwin'), true);
});
