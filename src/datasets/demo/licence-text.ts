import type { IconSet } from './icon-set.ts';

/** LICENCES.md of the demo dataset, from what the packages say about themselves. */
export function licenceText(sets: readonly IconSet[], size: number): string {
  const rows = sets.map(({ vendor, info, package: { name, version } }) => {
    const licence =
      info.license.url === undefined ? info.license.title : `[${info.license.title}](${info.license.url})`;
    const author =
      info.author.url === undefined ? info.author.name : `[${info.author.name}](${info.author.url})`;
    return `| ${vendor}.png | ${info.name} | ${author} | ${licence} | ${name} ${version} |`;
  });
  return [
    '# Licences of these pictures',
    '',
    `Emoji by ${String(sets.length)} vendors, drawn at ${String(size)} x ${String(size)} pixels on white from the packages`,
    'named below; nothing else was changed. The file name says whose drawing it is.',
    '',
    '| file | set | author | licence | package |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
