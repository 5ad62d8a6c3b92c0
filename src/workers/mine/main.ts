import { serveTask } from '../host/serve-task.ts';
import { mine } from './mine.ts';

serveTask({ mine });
