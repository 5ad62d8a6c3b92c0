import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chain } from './support/chain.ts';
import { CommandLine } from './support/command-line.ts';
import { makeSmallDataset, type SmallDataset } from './support/small-dataset.ts';

let data: SmallDataset;
let folder: string;
let plumage: CommandLine;
/** An image of the test part, found on the way. */
let tested: { path: string; id: number };

const SHORT = ['--preset', 'demo', '--size', '64', '--batch', '16'];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumage-cli-job-'));
  plumage = new CommandLine(join(folder, 'library'));
  data = await makeSmallDataset();
});
afterAll(async () => {
  await data.remove();
  await rm(folder, { recursive: true, force: true });
});
const { before, after } = chain(() => undefined);
beforeEach(before);
afterEach(after);

const keys = (value: unknown): string[] => Object.keys(value as object).sort();
const interval = expect.objectContaining({
  value: expect.any(Number) as number,
  low: expect.any(Number) as number,
  high: expect.any(Number) as number,
}) as object;

describe('the main job on the command line', () => {
  it('imports, and lists what it could not read', async () => {
    const result = await plumage.json('import', data.path);
    expect(keys(result)).toEqual(
      ['datasetId', 'name', 'revision', 'images', 'classes', 'skipped', 'duplicates', 'seconds'].sort(),
    );
    expect(result).toMatchObject({
      name: data.name,
      images: data.images,
      classes: data.classes,
      duplicates: 1,
      skipped: [{ path: data.broken, reason: 'The content is not an image.' }],
    });
    // Again: nothing is new, and nothing is there twice.
    expect(await plumage.json('import', data.path)).toMatchObject({
      datasetId: result['datasetId'],
      revision: result['revision'],
      images: data.images,
    });
  });

  it('splits by class', async () => {
    const result = await plumage.json('split', data.name, '--seed', '0', '--name', 'half');
    expect(keys(result)).toEqual(['splitId', 'name', 'hash', 'train', 'validation', 'test', 'leaks'].sort());
    expect(result).toMatchObject({
      test: { classes: 20 },
      validation: { classes: 2 },
      train: { classes: 18 },
    });
    expect(result['leaks']).toContainEqual({ from: 'train', to: 'test', exact: 1, near: 0 });
    const again = await plumage.json('split', data.name, '--seed', '0', '--name', 'half again');
    expect(again['hash']).toBe(result['hash']);
  });

  it('trains; Ctrl+C stops with 130 and --resume goes on to the same end', async () => {
    const whole = await plumage.json('train', data.name, '--split', 'half', ...SHORT, '--steps', '60');
    expect(keys(whole)).toEqual(
      [
        'runId',
        'name',
        'status',
        'epochs',
        'steps',
        'finalLoss',
        'bestValidation',
        'seconds',
        'checkpoint',
      ].sort(),
    );
    expect(whole).toMatchObject({ status: 'done', steps: 60 });
    const words = [
      'train',
      data.name,
      '--split',
      'half',
      ...SHORT,
      '--steps',
      '60',
      '--name',
      'cut short',
      '--json',
    ];
    const cut = plumage.start(...words);
    await cut.printed(/Training .* of 60 steps/);
    cut.process.kill('SIGINT');
    const stopped = await cut.ended;
    expect(stopped.code).toBe(130);
    const { error } = stopped.json() as { error: { code: string; message: string } };
    expect(error.code).toBe('cancelled');
    const command = /--resume (\S+)/.exec(error.message);
    expect(command, error.message).not.toBeNull();
    const half = await plumage.json('runs', 'show', 'cut short');
    expect(half['step']).toBeLessThan(60);
    const resumed = await plumage.json('train', '--resume', command?.[1] ?? '');
    expect(resumed).toMatchObject({ status: 'done', steps: 60, finalLoss: whole['finalLoss'] });
  });

  it('evaluates beside the untrained backbone', async () => {
    const result = await plumage.json('evaluate', '--run', 'cut short');
    expect(keys(result)).toEqual(
      [
        'evaluationId',
        'title',
        'protocol',
        'queries',
        'classes',
        'excludedQueries',
        'scores',
        'zeroShot',
        'seenClasses',
      ].sort(),
    );
    expect(result).toMatchObject({ classes: 20, excludedQueries: 0, seenClasses: false });
    expect(result['protocol']).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    for (const name of [
      'recall@1',
      'recall@2',
      'recall@4',
      'recall@8',
      'map@r',
      'r-precision',
      'nmi',
      'ami',
    ]) {
      expect(result['scores']).toHaveProperty([name], interval);
      expect(result['zeroShot']).toHaveProperty(['scores', name], interval);
    }
  });

  it("lists an image's neighbours, by path in the dataset, by id, and for a file from elsewhere", async () => {
    const file = join(folder, 'half.csv');
    expect(await plumage.json('export', 'split', 'half', '--out', file)).toEqual({ files: [file] });
    const row = (await readFile(file, 'utf8')).split('\n').find((line) => /\btest\b/.test(line)) ?? '';
    const path = /[\w-]+\/[\w -]+\.png/.exec(row)?.[0] ?? '';
    expect(path, row).not.toBe('');
    const byPath = await plumage.json('neighbors', '--run', 'cut short', '--query', path, '-k', '5');
    expect(keys(byPath)).toEqual(['neighbors', 'query']);
    const { query, neighbors } = byPath as unknown as {
      query: { imageId: number; path: string };
      neighbors: Record<string, unknown>[];
    };
    expect(query.path).toBe(path);
    expect(neighbors).toHaveLength(5);
    for (const neighbor of neighbors)
      expect(keys(neighbor)).toEqual(['class', 'distance', 'hit', 'imageId', 'path']);
    expect(neighbors.map(({ imageId }) => imageId)).not.toContain(query.imageId);
    tested = { path, id: query.imageId };
    const byId = await plumage.json(
      'neighbors',
      '--run',
      'cut short',
      '--query',
      String(tested.id),
      '-k',
      '5',
    );
    expect(byId).toEqual(byPath);
    const elsewhere = join(folder, 'elsewhere.png');
    await copyFile(join(data.path, path), elsewhere);
    const ofFile = (await plumage.json(
      'neighbors',
      '--run',
      'cut short',
      '--query',
      elsewhere,
      '-k',
      '5',
    )) as unknown as {
      query: { imageId: null; class: null };
      neighbors: { path: string; distance: number; hit: null }[];
    };
    expect(ofFile.query).toMatchObject({ imageId: null, class: null });
    expect(ofFile.neighbors[0]).toMatchObject({ path, hit: null });
    expect(ofFile.neighbors[0]?.distance).toBeLessThan(1e-2);
  });

  it('mines and exports', async () => {
    const mined = await plumage.json('mine', '--run', 'cut short');
    expect(keys(mined)).toEqual(
      ['refreshId', 'triplets', 'anchorsWithout', 'recallOfIndex', 'activeShare', 'file'].sort(),
    );
    expect(mined['triplets']).toBeGreaterThan(50);
    const triplets = join(folder, 'triplets.csv');
    await plumage.json('export', 'triplets', String(mined['refreshId']), '--out', triplets);
    expect((await readFile(triplets, 'utf8')).trim().split('\n')).toHaveLength(Number(mined['triplets']) + 1);
    const report = join(folder, 'report.html');
    expect(await plumage.json('export', 'report', 'cut short', '--out', report)).toEqual({ files: [report] });
    expect(await readFile(report, 'utf8')).toContain('cut short');
    const second = await plumage.run('export', 'report', 'cut short', '--out', report, '--json');
    expect(second.code).toBe(4);
    expect(second.json()).toMatchObject({ error: { code: 'conflict' } });
  });

  it('says what computes', async () => {
    const result = await plumage.json('doctor');
    expect(keys(result)).toEqual(
      [
        'version',
        'backends',
        'electron',
        'node',
        'platform',
        'cpu',
        'memoryBytes',
        'library',
        'disk',
        'cache',
      ].sort(),
    );
    const backends = result['backends'] as { inUse: boolean; reason: string }[];
    expect(backends.filter(({ inUse }) => inUse)).toHaveLength(1);
    for (const { reason } of backends) expect(reason).toMatch(/\.$/);
  });
});

describe('what cannot be done', () => {
  const refused = async (code: number, pattern: RegExp, ...words: string[]): Promise<void> => {
    const ended = await plumage.run(...words, '--json');
    expect(ended.code, ended.out).toBe(code);
    const { error } = ended.json() as { error: { code: string; message: string; details: unknown } };
    expect(keys(error)).toEqual(['code', 'details', 'message']);
    expect(error.message).toMatch(pattern);
    expect(error.code).not.toBe('bug');
    // The same, for a person: the sentence on standard error, nothing on standard output.
    const told = await plumage.run(...words);
    expect(told).toMatchObject({ code, out: '' });
    expect(told.errors).toContain(error.message.split('\n')[0]);
  };
  const train = (...more: string[]): string[] => ['train', data.name, '--split', 'half', ...SHORT, ...more];

  it('is refused as bad input with 2', async () => {
    await refused(2, /scale must be at most 1000.*overflows/, ...train('--set', 'la=1e30'));
    await refused(
      2,
      /smallest class has \d training images: set centersPerClass to/,
      ...train('--set', 'K=50'),
    );
    await refused(2, /no setting "wobble"/, ...train('--set', 'wobble=1'));
    await refused(2, /"trian" is not a command. Did you mean "train"/, 'trian', data.name);
    await refused(2, /from 1 to 100/, 'neighbors', '--run', 'cut short', '--query', '1', '-k', '500');
    const one = join(folder, 'one');
    await mkdir(join(one, 'alone'), { recursive: true });
    await copyFile(join(data.path, tested.path), join(one, 'alone', 'a.png'));
    expect(await plumage.json('import', one)).toMatchObject({ classes: 1 });
    await refused(2, /at least two classes/, 'split', 'one');
  });

  it('is not found with 3', async () => {
    await refused(3, /There is no dataset "nothing"/, 'train', 'nothing');
    await refused(3, /There is no run "none"/, 'evaluate', '--run', 'none');
    await refused(3, /There is no folder|does not exist/, 'import', join(folder, 'missing'));
    await refused(3, /not in the evaluated part/, 'neighbors', '--run', 'cut short', '--query', '999999');
  });

  it('is a conflict with 4: a port that another program has', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await refused(4, new RegExp(`Port ${port} is used by another program`), 'serve', '--port', String(port));
    await new Promise((resolve) => other.close(resolve));
  });

  it('never goes unsaid: a split of labels that have changed since is not taken silently', async () => {
    await copyFile(join(data.path, tested.path), join(data.path, data.copy.filedAs, 'another.png'));
    await plumage.json('import', data.path);
    const { splits } = (await plumage.json('splits')) as unknown as {
      splits: { name: string; stale: boolean }[];
    };
    expect(splits.find(({ name }) => name === 'half')?.stale).toBe(true);
    await refused(3, /has no split of its present revision. Make one/, 'train', data.name, ...SHORT);
  });

  it('does not start a second engine: two commands at once share one library', async () => {
    const [first, second] = await Promise.all([
      plumage.json('split', data.name, '--seed', '1', '--name', 'one'),
      plumage.json('split', data.name, '--seed', '2', '--name', 'two'),
    ]);
    expect(first['splitId']).not.toBe(second['splitId']);
    const serving = plumage.start('serve', '--json');
    await serving.printed(/"port":(\d+)/);
    expect(await plumage.json('datasets')).toMatchObject({ datasets: expect.any(Array) as unknown[] });
    expect(await plumage.json('jobs')).toEqual({ jobs: expect.any(Array) as unknown[] });
    serving.process.kill('SIGINT');
    expect((await serving.ended).code).toBe(0);
  });
});
