import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '#shared/rpc/errors.ts';
import { encodeSafetensors } from '../safetensors.ts';
import { openWeightFile } from './open-weight-file.ts';

/** Small files that PyTorch, h5py and ONNX wrote (`make.py` beside them). */
const made = fileURLToPath(new URL('testing', import.meta.url));
const given = (name: string): string => join(made, name);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumage-weights-'));
});
afterAll(() => rm(folder, { recursive: true }));

const put = async (name: string, bytes: Uint8Array | string): Promise<string> => {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
};

async function readAll(
  path: string,
): Promise<Record<string, { shape: readonly number[]; values: number[] }>> {
  const file = await openWeightFile(path);
  try {
    const all: Record<string, { shape: readonly number[]; values: number[] }> = {};
    for (const { name, shape } of file.entries.values())
      all[name] = { shape, values: [...(await file.read(name))] };
    return all;
  } finally {
    await file.close();
  }
}

const counted = (size: number): number[] => Array.from({ length: size }, (_, i) => i);

describe('PyTorch', () => {
  it.each(['state.pth', 'state-legacy.pth'])('reads every type and stride of %s', async (name) => {
    const all = await readAll(given(name));
    expect(all['0.weight']).toEqual({ shape: [3, 2, 3, 3], values: counted(54) });
    expect(all['1.running_var']).toEqual({ shape: [3], values: [0, 1, 2] });
    expect(all['1.num_batches_tracked']).toEqual({ shape: [], values: [0] });
    expect(all['transposed']).toEqual({ shape: [3, 2], values: [0, 3, 1, 4, 2, 5] });
    expect(all['strided']).toEqual({ shape: [2, 3], values: [7, 9, 11, 19, 21, 23] });
    expect(all['shared']!.values).toEqual([0, 1, 2]);
    expect(all['half']!.values).toEqual([1.5, -2, 2 ** -24]);
    expect(all['bfloat']!.values.slice(0, 2)).toEqual([1.5, -2]);
    expect(all['double']!.values).toEqual([Math.fround(0.1)]);
    expect(all['long']!.values).toEqual([-3, 2 ** 40]);
    expect(all['parameter']!.values).toEqual([0, 1]);
  });

  it('finds the arrays of a checkpoint and says under which key', async () => {
    const file = await openWeightFile(given('checkpoint.pth'));
    expect([...file.entries.keys()]).toContain('module.1.running_mean');
    expect(file.notes).toEqual(['The arrays lie under "model".']);
    await file.close();
  });

  it('refuses every other name, and names it', async () => {
    await expect(openWeightFile(given('whole-model.pth'))).rejects.toThrow(
      /whole-model\.pth .*"torch\.nn\.modules\.container\.Sequential", which is no array and is not run here\. Save/,
    );
  });
});

describe('Keras', () => {
  it('names arrays without group and number, and unpacks chunks', async () => {
    const all = await readAll(given('keras.h5'));
    expect(all['conv1/kernel']).toEqual({ shape: [3, 3, 2, 3], values: counted(54) });
    expect(all['bn1/moving_mean']!.values).toEqual([0, 1, 2]);
    expect(all['packed/kernel']).toEqual({ shape: [7, 5], values: counted(35) });
    expect(all['packed/bias']!.values).toEqual([1, -2]);
    expect(all['packed/empty']!.values).toEqual([0, 0, 0]);
    expect(Object.keys(all).some((name) => name.includes('iter'))).toBe(false);
  });

  it('knows the numbered arrays of Keras 3 by the layer that their group names', async () => {
    const all = await readAll(given('keras3.weights.h5'));
    expect(Object.fromEntries(Object.entries(all).map(([name, { values }]) => [name, values[0]]))).toEqual({
      'conv1/kernel': 0,
      'conv1/bias': 1,
      'bn1/gamma': 0,
      'bn1/beta': 1,
      'bn1/moving_mean': 2,
      'bn1/moving_variance': 3,
      'bn2/beta': 0,
      'bn2/moving_mean': 1,
      'bn2/moving_variance': 2,
    });
  });

  it('refuses newer layouts with what to do', async () => {
    await expect(openWeightFile(given('newer.h5'))).rejects.toThrow(/superblock 3.*libver="earliest"/);
  });
});

describe('ONNX', () => {
  it('reads raw and listed values', async () => {
    const all = await readAll(given('model.onnx'));
    expect(all['conv1.weight']).toEqual({ shape: [3, 2, 1, 1], values: counted(6) });
    expect(all['floats']!.values).toEqual([1, 2, 3, 4.5]);
    expect(all['halves']!.values).toEqual([1.5, -2]);
    expect(all['longs']!.values).toEqual([-1, 2, 300]);
    expect(all['names']).toBeUndefined();
  });

  it('reads values of files beside it, and says which is missing', async () => {
    expect((await readAll(given('outside.onnx')))['outside']!.values).toEqual(counted(64));
    await copyFile(given('outside.onnx'), join(folder, 'alone.onnx'));
    await expect(readAll(join(folder, 'alone.onnx'))).rejects.toThrow(
      /alone\.onnx names the file "outside\.bin"/,
    );
  });
});

describe('TensorFlow.js', () => {
  const model = (weights: unknown, paths = ['a.bin', 'b.bin']): string =>
    JSON.stringify({ modelTopology: {}, weightsManifest: [{ paths, weights }] });
  const kernel = { name: 'conv1/kernel', shape: [2, 2], dtype: 'float32' };
  const packed = {
    name: 'bn/gamma',
    shape: [2],
    dtype: 'float32',
    quantization: { dtype: 'uint8', scale: 0.5, min: -1 },
  };

  it('reads over the ends of shards and undoes quantising', async () => {
    const bytes = new Uint8Array([...new Uint8Array(new Float32Array([1, 2, 3, 4]).buffer), 0, 255]);
    await put('a.bin', bytes.subarray(0, 7));
    await put('b.bin', bytes.subarray(7));
    const path = await put('model.json', model([kernel, packed]));
    expect(await readAll(path)).toEqual({
      'conv1/kernel': { shape: [2, 2], values: [1, 2, 3, 4] },
      'bn/gamma': { shape: [2], values: [-1, 126.5] },
    });
    const file = await openWeightFile(path);
    expect(file.notes).toEqual(['1 arrays are quantised: their values are approximate.']);
    await file.close();
  });

  it.each([
    ['no list', '{"a":1}', /no model\.json/],
    ['broken JSON', '{"weightsManifest"', /not whole JSON/],
    ['a shard above it', model([kernel], ['../a.bin']), /outside its own folder/],
    ['a missing shard', model([kernel], ['c.bin']), /names the file "c\.bin", which is not beside it/],
    ['texts', model([{ ...kernel, dtype: 'string' }]), /of type "string"/],
    ['shards that are too short', model([{ ...kernel, shape: [99] }]), /need 396 bytes/],
  ])('refuses %s', async (_, text, sentence) => {
    await put('a.bin', new Uint8Array(8));
    await put('b.bin', new Uint8Array(8));
    await expect(openWeightFile(await put('wrong.json', text))).rejects.toThrow(sentence);
  });
});

describe('safetensors', () => {
  it('reads halves', async () => {
    const data = new Uint16Array([0x3e00, 0xc000]);
    const path = await put('half.st', encodeSafetensors([{ name: 'x', dtype: 'F16', shape: [2], data }]));
    expect(await readAll(path)).toEqual({ x: { shape: [2], values: [1.5, -2] } });
  });
});

describe('any file', () => {
  it.each([
    ['nothing', '', /is empty/],
    ['a text', 'hello there', /of no kind that is known/],
  ])('says of %s what is read', async (_, text, sentence) => {
    await expect(openWeightFile(await put('some', text))).rejects.toThrow(sentence);
  });

  it('says that there is none', async () => {
    await expect(openWeightFile(join(folder, 'none'))).rejects.toThrow(/There is no file .*none/);
  });

  /** A generator of numbers below n: the same damage in every run. */
  function dice(seed: number): (n: number) => number {
    let x = seed;
    return (n) => {
      x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
      return Math.floor((x / 2 ** 32) * n);
    };
  }

  /** What is neither the right values nor a sentence about the file. */
  async function complaint(path: string): Promise<string | null> {
    try {
      await readAll(path);
      return null;
    } catch (error) {
      if (error instanceof UserError && error.message.includes(path)) return null;
      return String((error as Error).stack);
    }
  }

  it.each(['state.pth', 'state-legacy.pth', 'checkpoint.pth', 'keras.h5', 'keras3.weights.h5', 'model.onnx'])(
    'meets a damaged or cut-off %s with a sentence that names it',
    async (name) => {
      const whole = await readFile(given(name));
      const roll = dice(7);
      for (let i = 0; i < 150; i++) {
        const bytes = new Uint8Array(whole);
        for (let flips = roll(4); flips >= 0; flips--) bytes[roll(bytes.length)] = roll(256);
        const path = await put(
          `damaged-${name}`,
          i % 3 === 0 ? whole.subarray(0, roll(whole.length)) : bytes,
        );
        expect(await complaint(path), `damage ${String(i)} of ${name}`).toBeNull();
      }
    },
  );

  it('never says that a cut-off file of PyTorch is whole', async () => {
    for (const name of ['state.pth', 'state-legacy.pth']) {
      const whole = await readFile(given(name));
      for (const share of [0.1, 0.5, 0.9, 0.99]) {
        const path = await put('cut.pth', whole.subarray(0, Math.floor(whole.length * share)));
        await expect(readAll(path), `${name} ${String(share)}`).rejects.toThrow(/cut\.pth/);
      }
    }
  });
});
