import path from 'node:path';
import { setUp } from '../setup/index.mjs';
import { ROOT } from '../setup/places.mjs';
import { handOver } from '../setup/processes.mjs';

/** `npm run methods`: writes docs/methods.md; with `--measure` it trains first. */
export async function methods(args) {
  const { node } = await setUp(
    args.includes('--measure') ? ['packages', 'node', 'tensorflow'] : ['packages', 'node'],
  );
  return handOver(node, [path.join(ROOT, 'scripts', 'methods.mjs'), ...args], { cwd: ROOT });
}
