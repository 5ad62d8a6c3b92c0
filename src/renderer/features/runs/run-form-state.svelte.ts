import type { Client } from '../../../shared/contract/index.ts';
import type { Failure } from '../../../shared/domain/job.ts';
import type { BackendChoice, Run } from '../../../shared/domain/run.ts';
import type { WeightSet } from '../../../shared/domain/weights.ts';
import { isCancelled, toFailure } from '../../state/failure.ts';
import { copiedSettings } from './copied-settings.ts';
import { parseField, sameValue } from './field-value.ts';
import { type GroupId, groupOf, GROUPS, leafName } from './form-groups.ts';
import { fieldsOf, type FormField } from './schema-form.ts';

export type RunOptions = Awaited<ReturnType<Client['runs']['options']>>;
export type RunCheck = Awaited<ReturnType<Client['runs']['check']>>;
type RunRequest = Parameters<Client['runs']['start']>[0];

const BACKENDS: readonly BackendChoice[] = ['auto', 'tensorflow-gpu', 'tensorflow', 'wasm'];

export interface FieldGroup {
  readonly id: GroupId;
  readonly title: string;
  readonly fields: readonly FormField[];
}

/**
 * The run form. Holds only what was changed: everything else comes from the preset, then from what the method wants, then
 * from the schemas' defaults, and is resolved by the engine (`runs.check`), never here.
 */
export class RunFormState {
  readonly options: RunOptions;
  name = $state('');
  method = $state('');
  preset: string | null = $state(null);
  backbone: string | null = $state(null);
  backend: BackendChoice = $state('auto');
  checking = $state(false);
  starting = $state(false);
  checked: RunCheck | undefined = $state.raw();
  error: Failure | undefined = $state.raw();
  /** Weights in the library; undefined until they are known. */
  weights: readonly WeightSet[] | undefined = $state.raw();
  #changes: Readonly<Record<string, unknown>> = $state.raw({});
  /** What was typed and cannot be read, by field. */
  #typed: Readonly<Record<string, { readonly text: string; readonly problem: string }>> = $state.raw({});
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
    const first = options.presets[0];
    if (first) this.choosePreset(first.id);
    else this.method = options.methods[0]?.id ?? '';
  }

  readonly #method = $derived.by(() => this.options.methods.find((one) => one.id === this.method));
  readonly #preset = $derived.by(() => this.options.presets.find((one) => one.id === this.preset));

  /** The method's own settings, then those of every run that it does not replace. */
  readonly #fields = $derived.by(() => {
    const own = this.#method ? fieldsOf(this.#method.schema) : [];
    const shared = fieldsOf(this.options.settings).filter(
      // The backbone has its own control, with the names that people know.
      (field) => field.name !== 'backbone' && !own.some((one) => one.name === field.name),
    );
    return { own, shared };
  });

  /** The fields that matter under the values of the others. */
  readonly groups: readonly FieldGroup[] = $derived.by(() => {
    const { own, shared } = this.#fields;
    return GROUPS.map(({ id, title }) => ({
      id,
      title,
      fields: [...(id === 'method' ? own : []), ...shared.filter((field) => groupOf(field) === id)].filter(
        (field) => this.#matters(field),
      ),
    })).filter((group) => group.fields.length > 0);
  });

  /** What the engine is asked; null while there is no split or a field cannot be read. */
  readonly request: RunRequest | null = $derived.by(() => {
    const target = this.#target();
    if (target === null || this.method === '' || Object.keys(this.#typed).length > 0) return null;
    return {
      ...target,
      method: this.method,
      backend: this.backend,
      settings: { ...this.#changes },
      ...(this.preset === null ? {} : { preset: this.preset }),
      ...(this.backbone === null ? {} : { backbone: this.backbone }),
      ...(this.name.trim() === '' ? {} : { name: this.name.trim() }),
    };
  });

  readonly canStart = $derived(
    this.request !== null && !this.starting && (this.checked?.problems.length ?? 1) === 0,
  );

  get changedCount(): number {
    return Object.keys(this.#changes).length + (this.backbone === null ? 0 : 1);
  }

  choosePreset(id: string): void {
    const preset = this.options.presets.find((one) => one.id === id);
    if (!preset) return;
    this.preset = preset.id;
    this.method = preset.method;
    this.#clear();
  }

  chooseMethod(id: string): void {
    this.method = id;
    if (this.options.presets.find((one) => one.id === this.preset)?.method !== id) this.preset = null;
    this.#clear();
  }

  /** Fills the form with the settings of a run: what it had and the preset alone would not give counts as changed. */
  takeSettings({ method, config }: Pick<Run, 'method' | 'config'>): void {
    this.method = method;
    this.preset = this.options.presets.find((one) => one.id === config['preset'])?.id ?? null;
    this.#clear();
    const { own, shared } = this.#fields;
    this.#changes = copiedSettings(config, { own, shared, base: (field) => this.base(field) });
    const backbone = config['backbone'];
    this.backbone = typeof backbone === 'string' && backbone !== this.baseBackbone ? backbone : null;
    const backend = BACKENDS.find((one) => one === config['backend']);
    if (backend !== undefined) this.backend = backend;
  }

  /** The value that a field has when nobody touches it, found as the engine finds it. */
  base(field: FormField): unknown {
    for (const settings of [this.#preset?.settings, this.#method?.defaults])
      if (settings && field.name in settings) return settings[field.name];
    return field.default;
  }

  /** The network that preset or default name. */
  get baseBackbone(): string {
    const field = fieldsOf(this.options.settings).find((one) => one.name === 'backbone');
    const name = field === undefined ? undefined : this.base(field);
    return typeof name === 'string' ? name : '';
  }

  /** Whether the chosen network has weights to start from; true while that is not known. */
  hasWeights(backbone: string): boolean {
    return this.weights?.some((one) => one.backbone === backbone) ?? true;
  }

  /** What may be written into a field of free text. */
  suggestions(field: FormField): readonly string[] {
    if (field.name !== 'weights') return [];
    const backbone = this.backbone ?? this.baseBackbone;
    const imported = (this.weights ?? []).filter((one) => one.backbone === backbone && one.id !== null);
    return ['pretrained', 'random', ...imported.map((one) => one.name)];
  }

  value(field: FormField): unknown {
    return field.name in this.#changes ? this.#changes[field.name] : this.base(field);
  }

  /** The text that stands in the field although it means nothing. */
  typed(field: FormField): string | undefined {
    return this.#typed[field.name]?.text;
  }

  changed(field: FormField): boolean {
    return field.name in this.#changes || field.name in this.#typed;
  }

  problem(field: FormField): string | undefined {
    return (
      this.#typed[field.name]?.problem ??
      this.checked?.problems.find((one) => leafName(one.field) === field.name)?.message
    );
  }

  /** Fields that cannot be read or that the engine refuses. */
  get wrongCount(): number {
    const refused = this.checked?.problems.map((one) => leafName(one.field)) ?? [];
    return new Set([...Object.keys(this.#typed), ...refused]).size;
  }

  /** Problems that no field of the form can show beside itself. */
  get otherProblems(): readonly string[] {
    const names = new Set(this.groups.flatMap((group) => group.fields.map((field) => field.name)));
    return (this.checked?.problems ?? [])
      .filter((one) => !names.has(leafName(one.field)))
      .map((one) => one.message);
  }

  set(field: FormField, input: string | boolean): void {
    const parsed = parseField(field, input);
    if (!parsed.ok) {
      this.#typed = { ...this.#typed, [field.name]: { text: String(input), problem: parsed.problem } };
      return;
    }
    this.#typed = without(this.#typed, field.name);
    this.#changes = sameValue(parsed.value, this.base(field))
      ? without(this.#changes, field.name)
      : { ...this.#changes, [field.name]: parsed.value };
  }

  reset(field: FormField): void {
    this.#typed = without(this.#typed, field.name);
    this.#changes = without(this.#changes, field.name);
  }

  /** Asks the engine what it would make of the request. */
  async check(signal: AbortSignal): Promise<void> {
    const { request } = this;
    if (request === null) return;
    this.checking = true;
    try {
      const checked = await this.#client().runs.check(request, { signal });
      if (signal.aborted) return;
      this.checked = checked;
      this.error = undefined;
    } catch (cause) {
      if (!signal.aborted && !isCancelled(cause)) this.error = toFailure(cause);
    } finally {
      if (!signal.aborted) this.checking = false;
    }
  }

  async start(): Promise<{ readonly runId: string; readonly jobId: string } | undefined> {
    const { request } = this;
    if (request === null) return undefined;
    this.starting = true;
    this.error = undefined;
    try {
      return await this.#client().runs.start(request);
    } catch (cause) {
      this.error = toFailure(cause);
      return undefined;
    } finally {
      this.starting = false;
    }
  }

  /** Hidden fields have no say; one that was changed or is refused is shown all the same. */
  #matters(field: FormField): boolean {
    const { onlyWhen } = field;
    if (onlyWhen === null || this.changed(field) || this.problem(field) !== undefined) return true;
    const other = [...this.#fields.own, ...this.#fields.shared].find((one) => one.name === onlyWhen.field);
    return other === undefined || onlyWhen.is.some((value) => sameValue(value, this.value(other)));
  }

  #clear(): void {
    this.#changes = {};
    this.#typed = {};
  }
}

function without<T>(record: Readonly<Record<string, T>>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}
