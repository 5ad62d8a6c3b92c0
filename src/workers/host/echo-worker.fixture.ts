import { setImmediate as nextTurn } from 'node:timers/promises';
import { UserError } from '#shared/rpc/errors.ts';
import { serveTask } from './serve-task.ts';

/** A worker for the tests: what it does is named by `imagePath`. */
serveTask({
  query: async (task, context) => {
    context.progress({ phase: 'Looking', done: 0, total: 2, unit: 'images' });
    context.log('info', `library ${context.places.libraryPath}`);
    if (task.imagePath === 'refuse')
      throw new UserError('bad-input', 'No such picture.', { details: { k: task.k } });
    if (task.imagePath === 'break') throw new TypeError('x is not a function');
    if (task.imagePath === 'throw-later')
      queueMicrotask(() => {
        throw new Error('later');
      });
    while (task.imagePath !== 'answer') {
      context.signal.throwIfAborted();
      await nextTurn();
    }
    context.progress({ phase: 'Looking', done: 2, total: 2, unit: 'images' });
    return { neighbors: [{ imageId: 7, distance: 0.5 }] };
  },
});
