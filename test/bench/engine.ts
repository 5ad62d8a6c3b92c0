import { join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { connectOrStart } from '#engine/process/connect.ts';
import { type Bench, median, row } from './bench.ts';
import { buildAll } from './built.ts';
import { residentMegabytes } from './memory.ts';

const ENTRY = resolve(import.meta.dirname, '../../out/node/engine.js');
const BUDGET_MB = 150;
const ROUNDS = 3;
const ECHOES = 1000;
/** After this long nothing of the start is left to do. */
const IDLE_MS = 2000;

export const engineBench: Bench = {
  name: 'engine',
  title: 'Memory of an engine that has answered its first questions and rests, before a backend loads',
  async run({ folder, log }) {
    await buildAll();
    const memory: number[] = [];
    const echoes: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const connection = await connectOrStart({
        libraryPath: join(folder, `engine-${String(round)}`),
        clientName: 'bench',
        env: { ...process.env, PLUMAGE_NODE: process.execPath },
        entry: ENTRY,
      });
      const { client, pid } = connection;
      await Promise.all([client.datasets.list({}), client.runs.options({}), client.jobs.list({})]);
      await pause(IDLE_MS);
      memory.push(await residentMegabytes(pid));
      for (let i = 0; i < ECHOES; i++) {
        const started = performance.now();
        await client.system.info({});
        echoes.push(performance.now() - started);
      }
      await client.system.shutdown({ force: true });
      await connection.closed;
    }
    echoes.sort((a, b) => a - b);
    const at = (share: number): string => (echoes[Math.floor(share * echoes.length)] ?? 0).toFixed(2);
    log(`one small call and its answer: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`);
    return [row('engine at rest', 'MB', median(memory), BUDGET_MB, 'budget', 1)];
  },
};
