import { serveTask } from '../host/serve-task.ts';
import { compareEvaluations } from './compare-evaluations.ts';
import { embedPart } from './embed-part.ts';
import { evaluate } from './evaluate.ts';
import { queryPicture } from './query-picture.ts';

serveTask({ embed: embedPart, evaluate, compare: compareEvaluations, query: queryPicture });
