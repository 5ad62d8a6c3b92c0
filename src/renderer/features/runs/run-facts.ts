import type { Run } from '../../../shared/domain/run.ts';
import { formatBytes } from '../../ui/format.ts';
import { showValue } from './field-value.ts';
import { words } from './schema-form.ts';

type Dict = Readonly<Record<string, unknown>>;

/** Something that a run met on its way, and what was done about it. */
export interface Incident {
  readonly step: number;
  /** What was seen and what to do, in two sentences. */
  readonly sentence: string;
  /** What the run changed by itself; null where it only said so. */
  readonly remedy: string | null;
}

export interface HardestClasses {
  readonly step: number;
  readonly classes: readonly { readonly name: string; readonly loss: number }[];
}

const dict = (value: unknown): Dict =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Dict) : {};
const list = (value: unknown): readonly Dict[] => (Array.isArray(value) ? value.map(dict) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const count = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** What the run found out about itself. */
export const factsOf = (run: Pick<Run, 'config'>): Dict => dict(run.config['facts']);

/** What the sentinel found and what the run mended by itself, in the order of their steps. */
export function incidentsOf(run: Pick<Run, 'config'>): Incident[] {
  const remedies = list(run.config['remedies']);
  const findings = list(factsOf(run)['findings']);
  const mended = remedies.map((one): Incident => {
    const own = findings.find(({ step }) => step === one['step']);
    return {
      step: count(one['step']),
      sentence: text(own?.['sentence'] ?? one['reason']),
      remedy: remedySentence(dict(one['change'])),
    };
  });
  const told = findings
    .filter(({ step }) => !remedies.some((one) => one['step'] === step))
    .map((one): Incident => ({
      step: count(one['step']),
      sentence: text(one['sentence']),
      remedy: null,
    }));
  return [...mended, ...told].sort((a, b) => a.step - b.step);
}

function remedySentence(change: Dict): string {
  const parts = [
    ...(change['rateFactor'] === undefined ? [] : [`all rates times ${showValue(change['rateFactor'])}`]),
    ...(change['clipNorm'] === undefined
      ? []
      : [`gradients clipped to norm ${showValue(change['clipNorm'])}`]),
    ...Object.entries(dict(change['method'])).map(
      ([name, value]) => `${words(name).toLowerCase()} ${showValue(value)}`,
    ),
  ];
  return `Mended by itself: ${parts.join(', ')}.`;
}

export function hardestOf(run: Pick<Run, 'config'>): HardestClasses | null {
  const found = dict(factsOf(run)['hardestClasses']);
  const classes = list(found['classes']).map((one) => ({
    name: text(one['name']),
    loss: count(one['loss']),
  }));
  return classes.length === 0 ? null : { step: count(found['step']), classes };
}

/** Whether steps are replayed as one recorded graph; null where the run has not begun. */
export function recordingOf(run: Pick<Run, 'config'>): { recorded: boolean; reason: string } | null {
  const { recorded, notRecordedBecause } = factsOf(run);
  return typeof recorded === 'boolean' ? { recorded, reason: text(notRecordedBecause) } : null;
}

/** What the run computed with, as rows of a list; nothing where it has not begun. */
export function machineRows(run: Pick<Run, 'config'>): { title: string; value: string }[] {
  const facts = factsOf(run);
  const start = dict(run.config['startsFrom']);
  const recording = recordingOf(run);
  const rows: [string, string][] = [
    ['Backend', [text(facts['backend']), text(facts['backendVersion'])].join(' ').trim()],
    ['Kernels', text(facts['kernels'])],
    ['Threads', facts['threads'] === undefined ? '' : showValue(facts['threads'])],
    [
      'Steps recorded',
      recording ? (recording.recorded ? 'yes' : `no${recording.reason && `: ${recording.reason}`}`) : '',
    ],
    [
      'Memory, estimated',
      typeof facts['memoryEstimateBytes'] === 'number' ? formatBytes(facts['memoryEstimateBytes']) : '',
    ],
    ['Node', text(facts['node'])],
    ['Started from', start['kind'] === 'random' ? 'random weights' : text(start['name'])],
    ['Split', text(run.config['splitHash']).slice(0, 10)],
  ];
  return rows.filter(([, value]) => value !== '').map(([title, value]) => ({ title, value }));
}
