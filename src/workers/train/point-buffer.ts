import type { TrainEvent } from '#shared/worker/train.ts';

type Points = Extract<TrainEvent, { kind: 'points' }>['points'];
type Values = Readonly<Record<string, number>>;

const SEND_EVERY_MS = 400;
/** A curve of more points than this is drawn no better. */
const MAX_POINTS = 4000;

/** Averages steps to points where a run is long, and sends points in batches. */
export class PointBuffer {
  readonly #send: (points: Points) => void;
  readonly #nowMs: () => number;
  readonly #stepsPerPoint: number;
  #points: Points[number][] = [];
  #sums = new Map<string, number>();
  #count = 0;
  #sentMs: number;

  constructor(totalSteps: number, send: (points: Points) => void, nowMs: () => number) {
    this.#send = send;
    this.#nowMs = nowMs;
    this.#stepsPerPoint = Math.ceil(totalSteps / MAX_POINTS);
    this.#sentMs = nowMs();
  }

  /** Measures of one step; means of several become a point. */
  addStep(step: number, epoch: number, values: Values): void {
    for (const [name, value] of Object.entries(values))
      this.#sums.set(name, (this.#sums.get(name) ?? 0) + value);
    this.#count += 1;
    if (this.#count < this.#stepsPerPoint) return;
    const means = Object.fromEntries([...this.#sums].map(([name, sum]) => [name, sum / this.#count]));
    this.#sums.clear();
    this.#count = 0;
    this.add(step, epoch, means);
  }

  /** A point of its own, such as a validation. */
  add(step: number, epoch: number, values: Values): void {
    const finite = Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
    this.#points.push({ step, epoch, values: finite });
    if (this.#nowMs() - this.#sentMs >= SEND_EVERY_MS) this.flush();
  }

  flush(): void {
    this.#sentMs = this.#nowMs();
    if (this.#points.length === 0) return;
    this.#send(this.#points);
    this.#points = [];
  }
}
