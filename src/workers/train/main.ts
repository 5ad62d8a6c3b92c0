import { serveTask } from '../host/serve-task.ts';
import { runTraining } from './run-training.ts';

serveTask({ train: runTraining });
