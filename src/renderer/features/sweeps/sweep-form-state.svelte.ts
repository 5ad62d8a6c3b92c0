import type { Client } from '../../../shared/contract/index.ts';
import type { Failure } from '../../../shared/domain/job.ts';
import { parseAxis } from '../../../shared/sweep/parse-axis.ts';
import { toFailure, isCancelled } from '../../state/failure.ts';
import { groupOf, GROUPS } from '../runs/form-groups.ts';
import { fieldsOf, type FormField } from '../runs/schema-form.ts';
import type { RunOptions } from '../runs/run-form-state.svelte.ts';

type SweepRequest = Parameters<Client['sweeps']['start']>[0];
export type SweepCheck = Awaited<ReturnType<Client['sweeps']['check']>>;

/** One line of the form: a setting and what it runs through, as it was written. */
export interface AxisLine {
  readonly id: number;
  readonly field: string;
  readonly text: string;
}

/** The form of a new search. What stands in it is read by the same rules as on the command line. */
export class SweepFormState {
  readonly options: RunOptions;
  name = $state('');
  preset = $state('');
  method = $state('');
  strategy: 'grid' | 'random' = $state('grid');
  trials = $state('12');
  lines: readonly AxisLine[] = $state.raw([]);
  checked: SweepCheck | undefined = $state.raw();
  error: Failure | undefined = $state.raw();
  starting = $state(false);
  #nextId = 1;
  readonly #client: () => Client;
  readonly #target: () => { readonly dataset: string; readonly split: string } | null;

  constructor(
    client: () => Client,
    options: RunOptions,
    target: () => { readonly dataset: string; readonly split: string } | null,
  ) {
    this.#client = client;
    this.#target = target;
    this.options = options;
    this.choosePreset(options.presets[0]?.id ?? '');
    this.lines = [this.#line(this.fields[0]?.name ?? '', '')];
  }

  readonly #own = $derived.by(() => {
    const method = this.options.methods.find((one) => one.id === this.method);
    return method ? fieldsOf(method.schema) : [];
  });
  readonly #ownNames = $derived(new Set(this.#own.map(({ name }) => name)));

  /** Every setting that may vary: the method's own first. */
  readonly fields: readonly FormField[] = $derived.by(() => [
    ...this.#own,
    ...fieldsOf(this.options.settings).filter(({ name }) => !this.#ownNames.has(name)),
  ]);

  /** The fields as a list to choose from, in the groups of the run form. */
  readonly choices: { value: string; label: string; group: string }[] = $derived.by(() => {
    const own = this.#ownNames;
    const groupIdOf = (field: FormField): string => (own.has(field.name) ? 'method' : groupOf(field));
    return GROUPS.flatMap(({ id, title: group }) =>
      this.fields
        .filter((field) => groupIdOf(field) === id)
        .map(({ name, title }) => ({ value: name, label: `${title} (${name})`, group })),
    );
  });

  /** What the lines mean, or a sentence about the first that means nothing. */
  readonly axes: { readonly axes: SweepRequest['axes'] } | { readonly problem: string } = $derived.by(() => {
    const axes: Record<string, SweepRequest['axes'][string]> = {};
    for (const { field, text } of this.lines) {
      if (text.trim() === '') continue;
      if (Object.hasOwn(axes, field))
        return { problem: `“${field}” varies twice: write all its values in one line.` };
      try {
        axes[field] = parseAxis(field, text);
      } catch (cause) {
        return { problem: toFailure(cause).message };
      }
    }
    return { axes };
  });

  readonly request: SweepRequest | null = $derived.by(() => {
    const target = this.#target();
    const trials = Number(this.trials);
    if (target === null || 'problem' in this.axes || Object.keys(this.axes.axes).length === 0) return null;
    if (!Number.isInteger(trials) || trials < 1 || trials > 500) return null;
    return {
      ...target,
      method: this.method,
      ...(this.preset === '' ? {} : { preset: this.preset }),
      ...(this.name.trim() === '' ? {} : { name: this.name.trim() }),
      axes: this.axes.axes,
      strategy: this.strategy,
      trials,
    };
  });

  readonly canStart = $derived(
    this.request !== null &&
      !this.starting &&
      this.checked !== undefined &&
      this.checked.problems.length === 0,
  );

  choosePreset(id: string): void {
    this.preset = id;
    const preset = this.options.presets.find((one) => one.id === id);
    if (preset) this.method = preset.method;
    else if (this.method === '') this.method = this.options.methods[0]?.id ?? '';
  }

  /** What may be written for a setting. */
  example(name: string): string {
    const field = this.fields.find((one) => one.name === name);
    if (field?.kind === 'enum') return field.options.join(', ');
    if (field?.kind === 'boolean') return 'true, false';
    if (field?.kind === 'integer') return '2, 4, 8   or   2..16:whole';
    return field?.kind === 'text' ? 'values, separated by commas' : '10, 20, 40   or   1e-4..1e-2:log';
  }

  addLine(): void {
    const free = this.fields.find(({ name }) => !this.lines.some(({ field }) => field === name));
    this.lines = [...this.lines, this.#line(free?.name ?? '', '')];
  }

  removeLine(id: number): void {
    this.lines = this.lines.filter((line) => line.id !== id);
  }

  changeLine(id: number, change: Partial<Omit<AxisLine, 'id'>>): void {
    this.lines = this.lines.map((line) => (line.id === id ? { ...line, ...change } : line));
  }

  /** Asks the engine how many trials there are and whether each can run. */
  async check(signal: AbortSignal): Promise<void> {
    const { request } = this;
    if (request === null) return;
    try {
      const checked = await this.#client().sweeps.check(request, { signal });
      if (signal.aborted) return;
      this.checked = checked;
      this.error = undefined;
    } catch (cause) {
      if (!signal.aborted && !isCancelled(cause)) this.error = toFailure(cause);
    }
  }

  async start(): Promise<string | undefined> {
    const { request } = this;
    if (request === null) return undefined;
    this.starting = true;
    this.error = undefined;
    try {
      return (await this.#client().sweeps.start(request)).sweepId;
    } catch (cause) {
      this.error = toFailure(cause);
      return undefined;
    } finally {
      this.starting = false;
    }
  }

  #line(field: string, text: string): AxisLine {
    return { id: this.#nextId++, field, text };
  }
}
