import { CurationService } from './curation-service.ts';
import { DatasetsService } from './datasets-service.ts';
import { DuplicatesRunner } from './duplicates-runner.ts';
import { EmbedRunner } from './embed-runner.ts';
import { EvaluateRunner } from './evaluate-runner.ts';
import { EvaluationsService } from './evaluations-service.ts';
import { ExportRunner } from './export/export-runner.ts';
import { ExportsService } from './export/exports-service.ts';
import { IdleBackup } from './idle-backup.ts';
import { ImagesService } from './images-service.ts';
import { ImportRunner } from './import-runner.ts';
import { JobsService } from './jobs-service.ts';
import { MediaService } from './media-service.ts';
import { MineRunner } from './mine-runner.ts';
import { NeighborsService } from './neighbors-service.ts';
import { RunsService } from './runs-service.ts';
import { type ServiceOptions, ServiceContext } from './service-context.ts';
import { SplitsService } from './splits-service.ts';
import { SweepsService } from './sweeps-service.ts';
import { TrainRunner } from './train-runner.ts';
import { TripletsService } from './triplets-service.ts';
import { WeightsService } from './weights-service.ts';

/** How long workers may take to keep their state when the engine ends. */
const CLOSE_WITHIN_MS = 8000;

export type Services = ReturnType<typeof createServices>;

/** All use cases of an open library. `open` goes on with the jobs that the last engine left; `close` gives all back. */
export function createServices(options: ServiceOptions) {
  const context = new ServiceContext(options);
  const media = new MediaService(context);
  const backup = new IdleBackup(context);
  const runs = new RunsService(context);
  return {
    context,
    media,
    jobs: new JobsService(context),
    datasets: new DatasetsService(context),
    images: new ImagesService(context),
    curation: new CurationService(context),
    splits: new SplitsService(context),
    runs,
    sweeps: new SweepsService(context, runs),
    evaluations: new EvaluationsService(context),
    neighbors: new NeighborsService(context),
    triplets: new TripletsService(context),
    weights: new WeightsService(context),
    exports: new ExportsService(context),
    open(): void {
      context.queue.changed.subscribe(() => context.tell(['jobs']));
      context.queue.open({
        import: new ImportRunner(context),
        duplicates: new DuplicatesRunner(context),
        train: new TrainRunner(context),
        embed: new EmbedRunner(context),
        evaluate: new EvaluateRunner(context),
        mine: new MineRunner(context),
        export: new ExportRunner(context, media),
      });
    },
    async close(): Promise<void> {
      await context.queue.close(CLOSE_WITHIN_MS);
      context.host.killAll();
      media.close();
      await context.reader.close();
      await backup.close();
      context.catalog.close();
    },
  };
}
