import type { MediaService } from '../../media-service.ts';
import type { ServiceContext } from '../../service-context.ts';

export async function writeReport(
  _context: ServiceContext,
  _media: MediaService,
  _runId: string,
): Promise<string> {
  throw new Error('not written yet');
}
