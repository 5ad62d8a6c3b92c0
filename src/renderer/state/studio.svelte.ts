import type { DatasetSummary } from '../../shared/domain/dataset.ts';
import type { Run } from '../../shared/domain/run.ts';
import { NO_SELECTION, type Selection } from './selection.ts';

/** The ids of the rooms, in the order of the rail. */
export type RoomId =
  'library' | 'images' | 'splits' | 'runs' | 'sweeps' | 'triplets' | 'neighbors' | 'doctor' | 'settings';

/**
 * What the person has in hand: the dataset, the run, the room, the selected images and the image in the inspector.
 * Every room reads and sets the same, so a choice made in one is there in the next.
 */
export class StudioState {
  room = $state<RoomId>('library');
  /** The dataset in hand as the engine last described it; null while there is none. */
  dataset = $state.raw<DatasetSummary | null>(null);
  run = $state.raw<Run | null>(null);
  /** The split that rooms work on; a room that makes one puts it here. */
  splitId = $state<string | null>(null);
  evaluationId = $state<string | null>(null);
  selection = $state.raw<Selection>(NO_SELECTION);
  /** The image that the inspector shows. */
  focusImage = $state<number | null>(null);
  inspectorOpen = $state(true);
  /** The words in the top bar's search; the Images room filters by them. */
  search = $state('');
  /** Classes to show in the Images room. */
  classIds = $state.raw<readonly number[]>([]);
  /** Set from anywhere to make the Library open its import. */
  importRequested = $state(false);
  /** Set from anywhere to make the Library show what was taken off the shelf. */
  restoreRequested = $state(false);
  /** Set from anywhere to make Settings open its import of weights. */
  weightsRequested = $state(false);
  /** Set from anywhere to make Runs open its form with the settings of a run. */
  copyRequested = $state.raw<Run | null>(null);
  /** The image shown large over everything. */
  viewer = $state.raw<ViewerRequest | null>(null);

  get datasetId(): string | null {
    return this.dataset?.id ?? null;
  }

  get runId(): string | null {
    return this.run?.id ?? null;
  }

  go(room: RoomId): void {
    this.room = room;
  }

  /** Takes another dataset in hand; what belonged to the last one is put down. */
  takeDataset(dataset: DatasetSummary | null): void {
    const same = dataset?.id === this.dataset?.id;
    this.dataset = dataset;
    if (same) return;
    this.run = null;
    this.splitId = null;
    this.evaluationId = null;
    this.classIds = [];
    this.search = '';
    this.inspect(null);
    this.selection = NO_SELECTION;
  }

  /** Takes a run in hand; rooms then show what belongs to it. */
  takeRun(run: Run | null): void {
    if (run?.id !== this.run?.id) this.evaluationId = null;
    this.run = run;
  }

  requestImport(): void {
    this.importRequested = true;
    this.room = 'library';
  }

  requestWeights(): void {
    this.weightsRequested = true;
    this.room = 'settings';
  }

  requestCopy(run: Run): void {
    this.copyRequested = run;
    this.room = 'runs';
  }

  requestRestore(): void {
    this.restoreRequested = true;
    this.room = 'library';
  }

  /** Shows an image in the inspector. */
  inspect(imageId: number | null): void {
    this.focusImage = imageId;
  }

  /** Opens an image large; `list` is what the arrow keys walk through. */
  openViewer(imageId: number, list?: ViewerRequest['list']): void {
    this.viewer = { imageId, list: list ?? null };
    this.focusImage = imageId;
  }

  /** Shows images of one class in the Images room. */
  showClass(classId: number): void {
    this.classIds = [classId];
    this.search = '';
    this.room = 'images';
  }
}

export interface ViewerRequest {
  readonly imageId: number;
  /** Answers with the neighbour in reading order, or null at the end. */
  readonly list: { step(imageId: number, by: 1 | -1): Promise<number | null> } | null;
}
