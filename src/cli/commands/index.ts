import type { AnyCommand } from '../syntax/definition.ts';
import { benchCommand } from './bench.ts';
import { datasetsCommand } from './datasets.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { embedCommand } from './embed.ts';
import { evaluateCommand } from './evaluate.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { jobsCommand } from './jobs.ts';
import { mineCommand } from './mine.ts';
import { neighborsCommand } from './neighbors.ts';
import { runsCommand } from './runs.ts';
import { serveCommand } from './serve.ts';
import { splitCommand } from './split.ts';
import { splitsCommand } from './splits.ts';
import { sweepCommand } from './sweep.ts';
import { sweepsCommand } from './sweeps.ts';
import { trainCommand } from './train.ts';
import { weightsCommand } from './weights.ts';

/** Every command, in the order of the main job; help lists them so. */
export const COMMANDS: readonly AnyCommand[] = [
  importCommand,
  splitCommand,
  trainCommand,
  sweepCommand,
  embedCommand,
  evaluateCommand,
  neighborsCommand,
  mineCommand,
  exportCommand,
  datasetsCommand,
  splitsCommand,
  runsCommand,
  weightsCommand,
  sweepsCommand,
  jobsCommand,
  serveCommand,
  doctorCommand,
  demoCommand,
  benchCommand,
];
