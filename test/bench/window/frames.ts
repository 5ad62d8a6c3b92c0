/** Of Chromium's trace format: complete events of one thread. Times in microseconds. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

/** Everything by which a page's thread runs script, garbage collection included. */
const SCRIPT: ReadonlySet<string> = new Set([
  'EvaluateScript',
  'EventDispatch',
  'FireAnimationFrame',
  'FunctionCall',
  'MajorGC',
  'MinorGC',
  'RunMicrotasks',
  'TimerFire',
  'V8.GCScavenger',
  'v8.callFunction',
]);
const FRAME = 'FireAnimationFrame';

/**
 * Milliseconds of script in each frame: from one animation frame to the next, everything that ran in between counts
 * (answers of the engine, pictures that arrived), nested events once.
 */
export function scriptPerFrame(events: readonly TraceEvent[], pid: number): number[] {
  const thread = events.find(
    (event) => event.ph === 'M' && event.pid === pid && event.args?.name === 'CrRendererMain',
  )?.tid;
  const script = events
    .filter(({ ph, pid: p, tid, name }) => ph === 'X' && p === pid && tid === thread && SCRIPT.has(name))
    .sort((a, b) => a.ts - b.ts);
  const frames: number[] = [];
  let end = -Infinity;
  let sum: number | null = null;
  for (const { name, ts, dur = 0 } of script) {
    if (name === FRAME) {
      if (sum !== null) frames.push(sum / 1000);
      sum = 0;
    }
    if (sum === null) continue;
    sum += Math.max(0, ts + dur - Math.max(end, ts));
    end = Math.max(end, ts + dur);
  }
  return frames;
}
