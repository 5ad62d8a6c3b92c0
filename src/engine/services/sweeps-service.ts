import type { z } from 'zod';
import { RunRequest } from '#shared/domain/run.ts';
import type { Sweep, SweepRequest, SweepTrial } from '#shared/domain/sweep.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { RunRecord } from '#catalog/repositories/runs.ts';
import { readMembers } from '#catalog/part-reader.ts';
import type { SweepRecord } from '#catalog/repositories/sweeps.ts';
import { checkRequest } from './run-options.ts';
import type { RunsService } from './runs-service.ts';
import type { ServiceContext } from './service-context.ts';
import { type ReadyRun, startRun } from './start-run.ts';

type Request = z.output<typeof SweepRequest>;
type Problem = { readonly field: string; readonly message: string };
type Values = SweepTrial['values'];

/** Fields of a run's request that are not settings and may vary all the same. */
const REQUEST_FIELDS = new Set(['method', 'backbone', 'preset']);
const EXAMPLES: Readonly<Record<string, string>> = {
  method: 'triplet',
  backbone: 'resnet18',
  preset: 'demo',
};

/**
 * Searches over settings. Every trial is a run in the queue, so a search goes on after a crash, and its trials are
 * scored by the validation classes alone: training never reads the test part.
 */
export class SweepsService {
  readonly #context: ServiceContext;
  readonly #runs: RunsService;

  constructor(context: ServiceContext, runs: RunsService) {
    this.#context = context;
    this.#runs = runs;
  }

  list(dataset: string | undefined): Sweep[] {
    const { sweeps, datasets } = this.#context;
    const key = dataset === undefined ? undefined : datasets.require(dataset).key;
    return sweeps.list(key).map((sweep) => this.#toSweep(sweep));
  }

  get(ref: string): Sweep {
    return this.#toSweep(this.#context.sweeps.require(ref));
  }

  async check(request: Request): Promise<{ trials: number; problems: Problem[] }> {
    const { trials, ready, problems } = await this.#plan(request);
    return { trials: problems.length > 0 ? trials : ready.length, problems: [...problems] };
  }

  /** @throws UserError bad-input with a sentence for each field of the first trial that cannot run */
  async start(request: Request): Promise<{ sweepId: string; trials: number }> {
    const { datasets, sweeps, catalog, now } = this.#context;
    const { problems, ready } = await this.#plan(request);
    if (problems.length > 0) {
      const message = problems.map((problem) => problem.message).join(' ');
      throw new UserError('bad-input', message, { details: problems });
    }
    const dataset = datasets.require(request.dataset);
    return catalog.write(() => {
      const sweep = sweeps.insert({
        dataset: dataset.key,
        split: ready[0]!.split.id,
        name: request.name ?? `Search over ${Object.keys(request.axes).join(', ')} on ${dataset.name}`,
        request: JSON.stringify(request),
        at: now(),
      });
      const digits = String(ready.length).length;
      for (const [i, one] of ready.entries()) {
        const name = `${sweep.name} ${String(i + 1).padStart(digits, '0')}`;
        const trial = { sweep: sweep.id, values: one.values };
        startRun(this.#context, { ...one, request: { ...one.request, name }, trial });
      }
      catalog.afterCommit(() => this.#context.tell(['runs', 'jobs'], dataset.id));
      return { sweepId: sweep.id, trials: ready.length };
    });
  }

  pause(ref: string): void {
    const active = this.#trials(ref).filter(({ status }) => status === 'queued' || status === 'running');
    if (active.length === 0) throw new UserError('conflict', 'No trial of this search runs or waits.');
    // The waiting ones first: else each would start as the one before it pauses.
    for (const run of active.sort((a, b) => Number(a.status === 'running') - Number(b.status === 'running')))
      this.#runs.pause(run.id);
  }

  resume(ref: string): void {
    const left = this.#trials(ref).filter(({ status }) => ['paused', 'stopped', 'failed'].includes(status));
    if (left.length === 0)
      throw new UserError('conflict', 'Every trial of this search is done or has its turn already.');
    for (const run of left) this.#runs.resume(run.id);
  }

  /** @throws UserError conflict while a trial runs or waits */
  remove(ref: string): void {
    const { sweeps } = this.#context;
    const sweep = sweeps.require(ref);
    const runs = sweeps.runs(sweep.id);
    if (runs.some(({ status }) => status === 'running' || status === 'queued'))
      throw new UserError('conflict', `The search "${sweep.name}" is not done. Pause it first.`);
    for (const run of runs) this.#runs.remove(run.id);
    sweeps.removeEmpty();
  }

  #trials(ref: string): RunRecord[] {
    const { sweeps } = this.#context;
    return sweeps.runs(sweeps.require(ref).id);
  }

  /** Every trial resolved and checked; of what is wrong, the first trial's problems. */
  async #plan(request: Request): Promise<{
    trials: number;
    ready: (ReadyRun & { readonly values: Values })[];
    problems: readonly Problem[];
  }> {
    const { splits, datasets, catalog } = this.#context;
    const split = splits.require(request.split, datasets.require(request.dataset).key);
    if (readMembers(catalog, split.id, 'validation').labels.length < 2) {
      const message = `The split "${split.name}" keeps no validation classes, and a search must not look at the test classes. Make a split with a validation share above 0.`;
      return { trials: 0, ready: [], problems: [{ field: 'split', message }] };
    }
    const { trialsOf } = await import('#learn/sweep/trials.ts');
    let trials: Values[];
    try {
      trials = trialsOf(request) as Values[];
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { trials: 0, ready: [], problems: [{ field: 'axes', message: error.message }] };
    }
    const ready = [];
    for (const values of trials) {
      const { data: trialRequest, error } = requestOf(request, values);
      if (error) return { trials: trials.length, ready: [], problems: nameProblems(error, values) };
      const checked = await checkRequest(this.#context, split.id, trialRequest);
      const { config } = checked;
      if (config === null) return { trials: trials.length, ready: [], problems: checked.problems };
      if (config['validateEveryEpochs'] === 0) {
        const message = 'A search needs validation scores: set validateEveryEpochs to 1 or more.';
        return {
          trials: trials.length,
          ready: [],
          problems: [{ field: 'validateEveryEpochs', message }],
        };
      }
      ready.push({ request: trialRequest, checked: { ...checked, config }, split, values });
    }
    return { trials: trials.length, ready, problems: [] };
  }

  #toSweep(sweep: SweepRecord): Sweep {
    const { sweeps, runs } = this.#context;
    const request = JSON.parse(sweep.request) as Request;
    const trials = sweeps.runs(sweep.id).map((record, i): SweepTrial => {
      const run = runs.toRun(record);
      return {
        number: i + 1,
        runId: run.id,
        runName: run.name,
        status: run.status,
        values: JSON.parse(record.trial ?? '{}') as Values,
        validation: run.bestValidation,
        finalLoss: run.finalLoss,
        step: run.step,
        steps: run.steps,
        seconds: run.seconds,
        error: run.error?.message ?? null,
      };
    });
    const { name: datasetName, id: datasetId } = this.#context.datasets.byKey(sweep.dataset);
    return {
      id: sweep.id,
      name: sweep.name,
      datasetId,
      datasetName,
      splitId: sweep.split,
      splitName: this.#context.splits.require(sweep.split, sweep.dataset).name,
      method: request.method,
      strategy: request.strategy,
      axes: Object.keys(request.axes),
      status: statusOf(trials),
      trials,
      best: bestOf(trials),
      createdAt: sweep.created_at,
    };
  }
}

/** The request of one trial: the search's own with the trial's values put in. Fails where one of these is no name. */
function requestOf(request: Request, values: Values): z.ZodSafeParseResult<z.output<typeof RunRequest>> {
  const { dataset, split, method, preset, backbone, backend, settings } = request;
  const entries = Object.entries(values);
  return RunRequest.safeParse({
    dataset,
    split,
    method,
    preset,
    backbone,
    backend,
    ...Object.fromEntries(entries.filter(([field]) => REQUEST_FIELDS.has(field))),
    settings: {
      ...settings,
      ...Object.fromEntries(entries.filter(([field]) => !REQUEST_FIELDS.has(field))),
    },
  });
}

const nameProblems = ({ issues }: z.ZodError, values: Values): Problem[] =>
  issues.map(({ path }) => {
    const field = String(path[0]);
    const message = `${field} takes names, such as ${EXAMPLES[field] ?? 'demo'}, not ${JSON.stringify(values[field])}.`;
    return { field, message };
  });

function statusOf(trials: readonly SweepTrial[]): Sweep['status'] {
  if (trials.some(({ status }) => status === 'running' || status === 'queued')) return 'running';
  return trials.some(({ status }) => status === 'paused') ? 'paused' : 'done';
}

/** The first of the highest. */
const bestOf = (trials: readonly SweepTrial[]): string | null =>
  trials.reduce<SweepTrial | null>(
    (best, trial) =>
      trial.validation !== null && trial.validation > (best?.validation ?? -1) ? trial : best,
    null,
  )?.runId ?? null;
