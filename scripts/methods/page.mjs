import * as z from 'zod';

const FAMILIES = [
  [
    'centers',
    'Centres and proxies',
    'A few trained vectors stand for each class; images are compared with those.',
  ],
  ['classification', 'Classification by angle', 'A softmax over classes whose margin is an angle.'],
  ['pairs', 'Pairs', 'Two images of a batch are compared at a time.'],
  ['triplets', 'Triplets', 'An anchor is compared with one image of its class and one of another.'],
  [
    'structure',
    'Structure of a batch or of the whole set',
    'Clusters, trees and classifiers beside the embedding.',
  ],
];

/**
 * The text of docs/methods.md: every method of the registry with its formula, settings, source and what was measured.
 *
 * @param {readonly import('../../src/learn/registry.ts').Method[]} methods
 * @param {Measured} measured
 *
 * @typedef {{ value: number, low: number, high: number }} Interval
 * @typedef {{ recallAt1: Interval, mapAtR: Interval, difference: Interval, seconds: number, recorded: boolean }} Row
 * @typedef {{ budget: string, command: string, dataset: string, queries: number, classes: number, zeroShot: { recallAt1: Interval, mapAtR: Interval } | null, rows: Record<string, Row>, notes?: Record<string, string> }} Measured
 */
export function methodsPage(methods, measured) {
  const sections = FAMILIES.flatMap(([family, title, text]) => {
    const own = methods.filter((method) => method.family === family);
    return own.length === 0 ? [] : [`## ${title}`, text, ...own.map((method) => section(method, measured))];
  });
  return [
    '# Methods',
    'Written by `npm run methods` from the registry (`src/learn/registry.ts`); do not edit by hand. Each method trains from the run form (room Runs), with `plumage train DATASET --method ID` and in a search. Every loss is tested against reference values (`npm run test:parity`).',
    ...table(methods, measured),
    ...sections,
  ]
    .join('\n\n')
    .concat('\n');
}

function table(methods, { budget, command, dataset, queries, classes, zeroShot, rows, notes = {} }) {
  const measured = methods.filter(({ id }) => rows[id]);
  if (measured.length === 0 || !zeroShot) return ['## Measured', 'Nothing was measured yet.'];
  const ranked = [...measured].sort((a, b) => rows[b.id].recallAt1.value - rows[a.id].recallAt1.value);
  const lines = ranked.map(({ id, title }) => {
    const { recallAt1, mapAtR, difference, seconds } = rows[id];
    return `| [${title}](#${anchor(title)}) | ${interval(recallAt1)} | ${interval(difference)} | ${mapAtR.value.toFixed(3)} | ${Math.round(seconds)} s | ${notes[id] ? 'see there' : ''} |`;
  });
  return [
    '## Measured',
    `${dataset}; ${queries.toLocaleString('en')} queries of ${classes.toLocaleString('en')} classes that no method has seen. One budget for all: ${budget}. 95 % bootstrap intervals; the difference is paired with zero-shot over the same queries. One seed: differences under 0.02 between methods are noise, and each method's own paper trains longer, on larger images, with its own rates. Remade by \`${command}\`.`,
    [
      '| method | R@1 | above zero-shot | MAP@R | took | |',
      '|---|---|---|---|---|---|',
      ...lines,
      `| zero-shot | ${interval(zeroShot.recallAt1)} | | ${zeroShot.mapAtR.value.toFixed(3)} | | |`,
    ].join('\n'),
  ];
}

function section(method, { rows, notes = {} }) {
  const { id, title, summary, source, formula, symbols, schema, defaults } = method;
  const row = rows[id];
  const wishes = Object.entries(defaults ?? {}).map(([name, value]) => `${name} ${String(value)}`);
  return [
    `### ${title}`,
    `\`${id}\` · ${source}`,
    summary,
    `    ${formula.replaceAll('\n', '\n    ')}`,
    settings(schema, symbols),
    ...(wishes.length > 0
      ? [`Run settings that it asks for where nobody says otherwise: ${wishes.join(', ')}.`]
      : []),
    row
      ? `Measured: R@1 ${interval(row.recallAt1)}, ${interval(row.difference)} above zero-shot; its steps were ${row.recorded ? 'recorded' : 'not recorded'}.`
      : 'Not measured yet.',
    ...(notes[id] ? [notes[id]] : []),
  ].join('\n\n');
}

function settings(schema, symbols) {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
  const lines = Object.entries(properties).map(([name, property]) => {
    const letters = Object.keys(symbols).filter((symbol) => symbols[symbol] === name);
    const takes = property.enum ? property.enum.join(', ') : range(property);
    return `| \`${name}\` | ${letters.join(', ')} | ${JSON.stringify(property.default ?? null)} | ${takes} | ${property.description ?? ''} |`;
  });
  if (lines.length === 0) return 'It has no settings of its own.';
  return ['| setting | symbols | default | takes | |', '|---|---|---|---|---|', ...lines].join('\n');
}

function range({ type, minimum, exclusiveMinimum, maximum, exclusiveMaximum }) {
  if (type === 'boolean') return 'true, false';
  const low = minimum ?? exclusiveMinimum;
  const high = maximum ?? exclusiveMaximum;
  const isBound = (value) => value !== undefined && Math.abs(value) < 2 ** 53 - 1;
  return [
    ...(isBound(low) ? [`${exclusiveMinimum === undefined ? 'from' : 'above'} ${low}`] : []),
    ...(isBound(high) ? [`${exclusiveMaximum === undefined ? 'to' : 'below'} ${high}`] : []),
  ].join(' ');
}

const interval = ({ value, low, high }) => `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
/** How Markdown readers name a heading. */
const anchor = (title) =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .replace(/\s/g, '-');
