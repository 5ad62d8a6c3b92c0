import type { Client } from '../../shared/contract/index.ts';
import type { DatasetSummary, ImageRow } from '../../shared/domain/dataset.ts';
import type { Job } from '../../shared/domain/job.ts';
import type { LinkListener, Transport } from '../client/connect.ts';
import { fakeClient, type FakeParts, streamOf } from './fake-client.ts';
import * as data from './catalog-data.ts';

export interface FakeOptions {
  readonly datasets?: readonly DatasetSummary[];
  readonly images?: number;
  readonly classes?: number;
  readonly jobs?: readonly Job[];
  /** Calls that a test answers itself. */
  readonly parts?: FakeParts;
}

export interface FakeEngine {
  /** Every call made, as `part.method` with its input. */
  readonly calls: { readonly method: string; readonly input: unknown }[];
  readonly connect: (listener: LinkListener) => Transport;
  /** Cuts the line; `restore` brings a new link. */
  readonly lose: () => void;
  readonly restore: () => void;
}

/** An engine with a made-up catalogue that remembers what was asked. */
export function fakeEngine(options: FakeOptions = {}): FakeEngine {
  const calls: { method: string; input: unknown }[] = [];
  const parts = merged(catalogParts(options), options.parts ?? {});
  const client = recording(fakeClient(parts), calls);
  let listener: LinkListener | undefined;
  const link = () =>
    listener?.linked({
      client,
      fetchBlob: () => Promise.reject(new Error('The fake engine has no blobs.')),
      closed: new Promise(() => undefined),
    });
  return {
    calls,
    connect(given) {
      listener = given;
      link();
      return { retry: link, stop: () => undefined };
    },
    lose: () => listener?.lost('The engine does not answer.'),
    restore: link,
  };
}

type Methods = Record<string, (...args: unknown[]) => unknown>;

function merged(base: FakeParts, over: FakeParts): FakeParts {
  const all: Record<string, object> = { ...base };
  for (const [part, methods] of Object.entries(over)) all[part] = { ...all[part], ...methods };
  return all;
}

function recording(client: Client, calls: { method: string; input: unknown }[]): Client {
  const parts = client as unknown as Record<string, Methods>;
  return new Proxy(client, {
    get: (_target, part: string) =>
      new Proxy(parts[part] ?? {}, {
        get: (methods, method: string) => (input: unknown, callOptions?: unknown) => {
          calls.push({ method: `${part}.${method}`, input });
          return methods[method]?.(input, callOptions);
        },
      }),
  });
}

function catalogParts(options: FakeOptions): FakeParts {
  const count = options.images ?? 6000;
  const classes = options.classes ?? 100;
  const datasets = options.datasets ?? [data.datasetSummary({ images: count, classes })];
  const row = (index: number): ImageRow => data.imageRow(index, classes, count);
  return {
    system: {
      changes: () => streamOf([]),
      doctor: () => Promise.resolve(data.doctor),
      licences: () =>
        Promise.resolve([
          { name: 'Inter', version: '5.2', licence: 'OFL-1.1', text: 'SIL Open Font License 1.1' },
        ]),
    },
    jobs: {
      active: () => streamOf([[...(options.jobs ?? [])]]),
      list: () =>
        Promise.resolve([
          data.job({
            id: 'job_before001',
            status: 'done',
            title: 'Import of Garden birds',
            endedAt: data.AT,
          }),
        ]),
    },
    datasets: {
      list: ({ removed }) =>
        Promise.resolve(datasets.filter((dataset) => removed === true || !dataset.removed)),
      classes: () =>
        Promise.resolve(
          Array.from({ length: classes }, (_, at) => data.classSummary(at + 1, Math.floor(count / classes))),
        ),
      problems: () => Promise.resolve({ total: data.problems.length, rows: [...data.problems] }),
    },
    images: imageParts(count, row),
    curation: {
      apply: ({ edit }) =>
        Promise.resolve({ eventId: 5, revision: 13, changed: 1, summary: `Changed: ${edit.kind}.` }),
      undo: () => Promise.resolve({ eventId: 6, revision: 14, changed: 1, summary: 'Undone.' }),
      redo: () => Promise.resolve(null),
    },
    runs: { list: () => Promise.resolve([]) },
    splits: { list: () => Promise.resolve([]) },
    evaluations: { list: () => Promise.resolve([]) },
  };
}

/** Queries over rows that follow from their number: a million cost nothing until they are filtered. */
function imageParts(count: number, row: (index: number) => ImageRow): NonNullable<FakeParts['images']> {
  const found = new Map<string, readonly number[]>();
  const indices = (queryId: string, offset: number, limit: number): number[] => {
    const list = found.get(queryId);
    const end = Math.min(offset + limit, list?.length ?? count);
    return Array.from({ length: Math.max(0, end - offset) }, (_, at) => list?.[offset + at] ?? offset + at);
  };
  return {
    query: (input) => {
      const queryId = JSON.stringify(input);
      const wanted = input.filter ?? {};
      if (wanted.classIds === undefined && wanted.search === undefined && wanted.excluded === 'show') {
        return Promise.resolve({ queryId, count, revision: 12 });
      }
      const list = Array.from({ length: count }, (_, index) => index).filter((index) => {
        const one = row(index);
        if (wanted.classIds !== undefined && !wanted.classIds.includes(one.classId)) return false;
        if (wanted.search !== undefined && !one.path.toLowerCase().includes(wanted.search.toLowerCase()))
          return false;
        return wanted.excluded === 'only' ? one.excluded : wanted.excluded === 'hide' ? !one.excluded : true;
      });
      found.set(queryId, list);
      return Promise.resolve({ queryId, count: list.length, revision: 12 });
    },
    slice: ({ queryId, offset, limit }) => Promise.resolve(indices(queryId, offset, limit).map(row)),
    ids: ({ queryId, offset, limit }) =>
      Promise.resolve(indices(queryId, offset, limit).map((index) => index + 1)),
    position: ({ queryId, imageId }) => {
      const at = found.get(queryId)?.indexOf(imageId - 1) ?? imageId - 1;
      return Promise.resolve(at === -1 ? null : at);
    },
    get: ({ imageId }) => Promise.resolve(data.imageDetail(row(imageId - 1), row(imageId % count))),
    tags: () => Promise.resolve([{ tag: 'blurred', images: 261 }]),
  };
}
