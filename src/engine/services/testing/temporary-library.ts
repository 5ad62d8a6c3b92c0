import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCatalog } from '#catalog/open.ts';
import type { Job } from '#shared/domain/job.ts';
import { type Services, createServices } from '../create-services.ts';

const FAKE_WORKER = fileURLToPath(new URL('../../jobs/testing/fake-worker.ts', import.meta.url));

/** A library in a temporary folder with services that use fake workers, and a folder of "pictures" to import. */
export class TemporaryLibrary implements AsyncDisposable {
  readonly root = mkdtempSync(join(tmpdir(), 'plumage-services-'));
  readonly libraryPath = join(this.root, 'library');
  readonly pictures = join(this.root, 'Birds');
  readonly logged: object[] = [];
  services: Services = this.#open();

  /** Closes the services and opens them again, as a restart of the engine does. */
  async restart(): Promise<void> {
    await this.services.close();
    this.reopen();
  }

  /** Opens services on what lies there, without an orderly end before. */
  reopen(): void {
    this.services = this.#open();
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.pictures, path)), { recursive: true });
      writeFileSync(join(this.pictures, path), content);
    }
  }

  /** `classes` folders with `images` distinct files each. */
  fill(classes: number, images: number): void {
    const files: Record<string, string> = {};
    for (let c = 0; c < classes; c++)
      for (let i = 0; i < images; i++) files[`class ${c}/${i}.txt`] = `picture ${c} ${i}`;
    this.write(files);
  }

  /** Waits for a job to end. */
  async ended(jobId: string): Promise<Job> {
    return this.until(jobId, (job) => ['done', 'failed', 'cancelled'].includes(job.status));
  }

  async until(jobId: string, isWanted: (job: Job) => boolean): Promise<Job> {
    let last = this.services.jobs.get(jobId);
    for await (const job of this.services.jobs.watch(jobId, new AbortController().signal)) {
      last = job;
      if (isWanted(job)) break;
    }
    return last;
  }

  async import(): Promise<Job> {
    const { jobId } = await this.services.datasets.import({ path: this.pictures });
    return this.ended(jobId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.services.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  #open(): Services {
    const services = createServices({
      catalog: openCatalog(this.libraryPath),
      places: { libraryPath: this.libraryPath, resourcesPath: '/nowhere' },
      log: { warn: (facts) => this.logged.push(facts), error: (facts) => this.logged.push(facts) },
      workerEntry: () => FAKE_WORKER,
    });
    services.open();
    return services;
  }
}
