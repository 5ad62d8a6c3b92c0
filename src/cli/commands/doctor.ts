import { bytes, count } from '../output/numbers.ts';
import { columns } from '../output/table.ts';
import { command } from '../syntax/definition.ts';

export const doctorCommand = command({
  name: 'doctor',
  summary: 'what computes here, and for everything that does not, why not and what to do',
  arguments: [],
  options: {},
  examples: ['doctor', 'doctor --json'],
  async run(_input, session) {
    const client = await session.client();
    const report = await client.system.doctor({});
    const { library, disk, cache, cpu } = report;
    const state = (backend: (typeof report.backends)[number]): string =>
      backend.inUse ? 'in use' : backend.available ? 'ready' : 'not available';
    const lines = [
      columns(report.backends.map((each) => [each.id, state(each), each.version ?? '', each.reason])),
      '',
      columns([
        ['Plumage', report.version],
        ['Node', report.node],
        ['Electron', report.electron ?? 'not set up'],
        [
          'system',
          `${report.platform}, ${cpu.model}, ${cpu.cores} cores, ${bytes(report.memoryBytes)} memory`,
        ],
        [
          'library',
          `${library.path}: ${count(library.datasets)} datasets, ${count(library.images)} images, ${bytes(library.sizeBytes)}, schema ${library.schemaVersion}`,
        ],
        ['disk', `${bytes(disk.freeBytes)} free at ${disk.path}`],
        ['cache', `${bytes(cache.sizeBytes)} at ${cache.path}`],
      ]),
    ];
    return { json: report, text: lines.join('\n') };
  },
});
