import type { Handlers } from '#shared/contract/index.ts';
import { latest } from './jobs/broadcast.ts';
import type { Change } from './services/service-context.ts';
import type { Services } from './services/create-services.ts';

export type ContentHandlers = Omit<Handlers, 'system'> & {
  readonly system: Pick<Handlers['system'], 'changes'>;
};

/** Every call and stream of the contract except those that concern the engine itself. Nothing is decided here. */
export function createHandlers(services: Services): ContentHandlers {
  const {
    datasets,
    images,
    curation,
    splits,
    runs,
    sweeps,
    evaluations,
    neighbors,
    triplets,
    weights,
    exports,
    jobs,
    context,
  } = services;
  return {
    system: {
      changes: (_input, { signal }) => latest<Change>(context.changes, { signal, merge: joinChanges }),
    },
    jobs: {
      list: (input) => jobs.list(input),
      get: ({ jobId }) => jobs.get(jobId),
      pause: ({ jobId }) => jobs.pause(jobId),
      stop: ({ jobId }) => jobs.stop(jobId),
      resume: ({ jobId }) => jobs.resume(jobId),
      remove: ({ jobId }) => jobs.remove(jobId),
      log: ({ jobId, limit }) => jobs.log(jobId, limit),
      watch: ({ jobId }, { signal }) => jobs.watch(jobId, signal),
      active: (_input, { signal }) => jobs.active(signal),
    },
    datasets: {
      list: ({ removed }) => datasets.list(removed),
      get: ({ dataset }) => datasets.get(dataset),
      preview: (input) => datasets.preview(input),
      import: (input) => datasets.import(input),
      classes: ({ dataset }) => datasets.classes(dataset),
      problems: ({ dataset, ...page }) => datasets.problems(dataset, page),
      duplicates: ({ dataset, ...page }) => datasets.duplicates(dataset, page),
      remove: ({ dataset }) => datasets.remove(dataset),
      restore: ({ dataset }) => datasets.restore(dataset),
    },
    images: {
      query: (input) => images.query(input),
      slice: ({ queryId, offset, limit }) => images.slice(queryId, offset, limit),
      ids: ({ queryId, offset, limit }) => images.ids(queryId, offset, limit),
      position: ({ queryId, imageId }) => images.position(queryId, imageId),
      get: ({ imageId }) => images.get(imageId),
      tags: ({ dataset }) => images.tags(dataset),
    },
    curation: {
      apply: (input, { client }) => curation.apply(input, client.name),
      undo: ({ dataset }, { client }) => curation.undo(dataset, client.name),
      redo: ({ dataset }, { client }) => curation.redo(dataset, client.name),
      history: ({ dataset, limit }) => curation.history(dataset, limit),
    },
    splits: {
      list: ({ dataset }) => splits.list(dataset),
      get: ({ split, dataset }) => splits.get(split, dataset),
      create: (input) => splits.create(input),
      leaks: ({ split, offset, limit }) => splits.leaks(split, offset, limit),
      remove: ({ split }) => splits.remove(split),
    },
    runs: {
      list: ({ dataset }) => runs.list(dataset),
      get: ({ run }) => runs.get(run),
      options: () => runs.options(),
      check: async (input) => {
        const { config, problems, warnings, steps } = await runs.check(input);
        return { config: config && { ...config }, problems: [...problems], warnings: [...warnings], steps };
      },
      start: (input) => runs.start(input),
      pause: ({ run }) => runs.pause(run),
      stop: ({ run, mode }) => runs.stop(run, mode),
      resume: ({ run }) => runs.resume(run),
      rename: ({ run, name }) => runs.rename(run, name),
      remove: ({ run }) => runs.remove(run),
      points: ({ run, since, limit }) => runs.points(run, since, limit),
      log: ({ run, limit }) => runs.log(run, limit),
      events: ({ run }, { signal }) => runs.events(run, signal),
    },
    sweeps: {
      list: ({ dataset }) => sweeps.list(dataset),
      get: ({ sweep }) => sweeps.get(sweep),
      check: (input) => sweeps.check(input),
      start: (input) => sweeps.start(input),
      pause: ({ sweep }) => sweeps.pause(sweep),
      resume: ({ sweep }) => sweeps.resume(sweep),
      remove: ({ sweep }) => sweeps.remove(sweep),
    },
    evaluations: {
      list: (input) => evaluations.list(input),
      get: ({ evaluation }) => evaluations.get(evaluation),
      start: (input) => evaluations.start(input),
      embed: (input) => evaluations.embed(input),
      failures: ({ evaluation, ...page }) => evaluations.failures(evaluation, page),
      classes: ({ evaluation, ...page }) => evaluations.classes(evaluation, page),
      compare: ({ first, second }, { signal }) => evaluations.compare(first, second, signal),
      published: ({ evaluation }) => evaluations.published(evaluation),
      remove: ({ evaluation }) => evaluations.remove(evaluation),
    },
    neighbors: {
      ofImage: ({ evaluation, imageId, k }) => neighbors.ofImage(evaluation, imageId, k),
      ofFile: ({ evaluation, path, k }, { signal }) => neighbors.ofFile(evaluation, path, k, signal),
    },
    triplets: {
      mine: (input) => triplets.mine(input),
      refreshes: (input) => triplets.refreshes(input),
      list: ({ refresh, ...page }) => triplets.list(refresh, page),
    },
    weights: {
      list: () => weights.list(),
      inspect: ({ path, backbone }) => weights.inspect(path, backbone),
      import: (input) => weights.import(input),
      remove: ({ weights: ref }) => weights.remove(ref),
    },
    exports: {
      start: (input) => exports.start(input),
    },
  };
}

/** What a slow reader has not heard yet and what is new, as one. */
function joinChanges(unread: Change, newer: Change): Change {
  return {
    topics: [...new Set([...unread.topics, ...newer.topics])],
    dataset: unread.dataset === newer.dataset ? newer.dataset : null,
  };
}
