import type { DoctorReport } from '../../shared/contract/system.ts';
import type {
  ClassSummary,
  DatasetSummary,
  ImageDetail,
  ImageRow,
  ImportProblem,
} from '../../shared/domain/dataset.ts';
import type { Job } from '../../shared/domain/job.ts';

/** A made-up catalogue for the tests of Library, Images and Doctor: every value follows from the numbers given. */
export const DATASET_ID = 'ds_birds0001';
export const AT = Date.UTC(2026, 10, 22, 12, 0);

const FAMILIES = [
  'Warbler',
  'Sparrow',
  'Tern',
  'Gull',
  'Wren',
  'Vireo',
  'Woodpecker',
  'Kingfisher',
  'Flycatcher',
  'Grebe',
];
const KINDS = [
  'Common',
  'Northern',
  'Black-throated',
  'Red-eyed',
  'Lesser',
  'Great',
  'Pied',
  'Marsh',
  'Crested',
  'Least',
];

export function classNameOf(classId: number): string {
  const round = Math.floor((classId - 1) / 100);
  const name = `${KINDS[(classId - 1) % 10] ?? ''} ${FAMILIES[Math.floor((classId - 1) / 10) % 10] ?? ''}`;
  return round === 0 ? name : `${name} ${round + 1}`;
}

export function imageRow(index: number, classes: number, images: number): ImageRow {
  const perClass = Math.max(1, Math.floor(images / classes));
  const classId = Math.min(classes, Math.floor(index / perClass) + 1);
  const name = classNameOf(classId);
  return {
    id: index + 1,
    classId,
    className: name,
    path: `${name.replaceAll(' ', '_')}/${String(index + 1).padStart(6, '0')}.jpg`,
    width: 400 + (index % 7) * 40,
    height: 300 + (index % 5) * 50,
    excluded: index % 17 === 5,
    tags: index % 23 === 4 ? ['blurred'] : [],
  };
}

export function classSummary(classId: number, images: number): ClassSummary {
  return {
    id: classId,
    name: classNameOf(classId),
    images,
    excluded: classId % 9 === 0 ? 2 : 0,
    cover: classId,
  };
}

export function datasetSummary(over: Partial<DatasetSummary> = {}): DatasetSummary {
  return {
    id: DATASET_ID,
    name: 'Garden birds',
    rootPath: '/home/ada/birds',
    layout: 'folder',
    revision: 12,
    images: 6000,
    excluded: 31,
    classes: 100,
    problems: 3,
    duplicateGroups: 14,
    createdAt: AT,
    cover: [11, 512, 1033, 1554, 2075, 2596, 3117, 3638],
    licence: 'CC BY 4.0',
    removed: false,
    ...over,
  };
}

export function imageDetail(row: ImageRow, copy: ImageRow): ImageDetail {
  return {
    ...row,
    datasetId: DATASET_ID,
    contentHash: String(row.id).padStart(8, '0').repeat(8),
    perceptualHash: 'e1c3870f1e3c78f0',
    format: 'jpeg',
    channels: 3,
    sizeBytes: 48_213,
    importedClassName: row.id % 2 === 0 ? row.className : 'Pied Wren',
    duplicates: [
      { ...copy, kind: 'exact', distance: 0 },
      { ...copy, id: copy.id + 400, classId: 7, className: classNameOf(7), kind: 'near', distance: 3 },
    ],
    history: [
      {
        id: 4,
        revision: 11,
        kind: 'relabel',
        summary: `1 image was relabelled to ${row.className}.`,
        who: 'studio',
        why: '',
        at: AT,
        undone: false,
      },
    ],
  };
}

export function job(over: Partial<Job> = {}): Job {
  return {
    id: 'job_import0001',
    kind: 'import',
    title: 'Import of Stamps',
    status: 'running',
    progress: {
      phase: 'Reading images',
      done: 1240,
      total: 5000,
      unit: 'images',
      perSecond: 310,
      secondsLeft: 12,
    },
    subject: 'ds_stamps0001',
    result: null,
    error: null,
    createdAt: AT,
    startedAt: AT,
    endedAt: null,
    ...over,
  };
}

export const problems: readonly ImportProblem[] = [
  { path: 'Pied_Wren/broken.jpg', code: 'truncated', reason: 'The file ends before the picture does.' },
  { path: 'Pied_Wren/empty.png', code: 'empty-file', reason: 'The file is empty.' },
  { path: 'Marsh_Tern/notes.jpg', code: 'not-an-image', reason: 'The file is text, not a picture.' },
];

export const doctor: DoctorReport = {
  version: '0.1.0',
  backends: [
    {
      id: 'tensorflow-gpu',
      available: false,
      inUse: false,
      reason: 'No NVIDIA driver was found. Install one and run `npm run setup` again.',
      version: null,
    },
    {
      id: 'tensorflow',
      available: true,
      inUse: true,
      reason: 'TensorFlow 2.21 with oneDNN on 2 cores.',
      version: '2.21.0',
    },
    {
      id: 'wasm',
      available: true,
      inUse: false,
      reason: 'Always there; about four times slower.',
      version: '4.22.0',
    },
  ],
  electron: '33.3.0',
  node: '26.10.0',
  platform: 'linux x64',
  cpu: { model: 'AMD EPYC 7763', cores: 2 },
  memoryBytes: 25_769_803_776,
  library: {
    path: '/home/ada/.local/share/plumage',
    schemaVersion: 3,
    sizeBytes: 48_000_000,
    datasets: 2,
    images: 11_700,
  },
  disk: { path: '/home', freeBytes: 123_000_000_000 },
  cache: { path: '/home/ada/.cache/plumage', sizeBytes: 900_000_000 },
};
