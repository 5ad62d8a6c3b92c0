import process from 'node:process';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { UserError } from '#shared/rpc/errors.ts';
import { makeDemo } from './make-demo.ts';

/*
 * Draws the demo dataset: node src/datasets/demo/main.ts OUT_DIR [--size 128] [--json-progress]
 * With --json-progress every line on standard output is one JSON object: {done, total} and at last the result.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { size: { type: 'string', default: '128' }, 'json-progress': { type: 'boolean', default: false } },
});
const size = Number(values.size);
const [folder] = positionals;
if (folder === undefined || positionals.length > 1 || !Number.isInteger(size) || size < 16 || size > 1024) {
  process.stderr.write('Usage: demo/main.ts OUT_DIR [--size 16..1024] [--json-progress]\n');
  process.exit(2);
}

// One thread a picture; several pictures at once.
sharp.concurrency(1);
const json = values['json-progress'];
const print = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
let printedMs = 0;
try {
  const result = await makeDemo({
    folder,
    size,
    onProgress: (done, total) => {
      const now = performance.now();
      if (done !== total && now - printedMs < 200) return;
      printedMs = now;
      if (json) print({ done, total });
      else process.stderr.write(`\rDrawing ${String(done)} of ${String(total)} pictures`);
    },
  });
  if (json) print(result);
  else
    process.stderr.write(
      `\n${String(result.images)} pictures of ${String(result.classes)} classes in ${result.folder}\n`,
    );
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  if (json) print({ error: { code: error.code, message: error.message } });
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
