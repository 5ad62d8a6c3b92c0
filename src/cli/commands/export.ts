import path from 'node:path';
import { exportFiles } from '../exports/export-files.ts';
import { EXPORT_FORMATS, EXPORT_KINDS } from '../syntax/choices.ts';
import { command } from '../syntax/definition.ts';

export const exportCommand = command({
  name: 'export',
  summary: 'write files for other programs',
  arguments: [
    { name: 'WHAT', help: 'what to write', required: true, choices: EXPORT_KINDS },
    { name: 'SOURCE', help: 'the dataset, split, run, evaluation or refresh, by name or id', required: true },
  ],
  options: {
    format: {
      type: 'text',
      choices: EXPORT_FORMATS,
      help: "the files' format (default: by the name of --out)",
    },
    out: { type: 'text', value: 'PATH', help: 'where to (default: a name made from the source, here)' },
    overwrite: { type: 'flag', help: 'replace files that exist' },
  },
  examples: [
    'export split half --out half.csv',
    'export embeddings run_x7k2m9p4 --format npy',
    'export report run_x7k2m9p4 --out report.html',
  ],
  async run({ arguments: [what = '', source = ''], options }, session) {
    const kind = EXPORT_KINDS.find((each) => each === what) ?? 'report';
    const format = options.format ?? formatOf(options.out) ?? DEFAULT_FORMAT[kind];
    const out = options.out ?? `${source.replace(/[^\p{L}\p{N}._-]+/gu, '-')}-${kind}.${format}`;
    const files = await exportFiles(session, {
      what: kind,
      source,
      format,
      out: path.resolve(out),
      overwrite: options.overwrite,
    });
    return { json: { files }, text: files.join('\n') };
  },
});

const DEFAULT_FORMAT = {
  dataset: 'csv',
  split: 'csv',
  embeddings: 'npy',
  neighbors: 'csv',
  classes: 'csv',
  queries: 'csv',
  triplets: 'csv',
  report: 'html',
} as const satisfies Record<(typeof EXPORT_KINDS)[number], (typeof EXPORT_FORMATS)[number]>;

function formatOf(out: string | undefined): (typeof EXPORT_FORMATS)[number] | undefined {
  const ending = out === undefined ? '' : path.extname(out).slice(1).toLowerCase();
  return EXPORT_FORMATS.find((format) => format === ending);
}
