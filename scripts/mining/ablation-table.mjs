/** The measured table of docs/mining.md. */
export function ablationTable({ budget, rows, queries, classes, zeroShot }) {
  if (rows.length === 0) return 'Nothing was measured yet.\n';
  const { dataset, epochs, size, batch } = budget;
  const seeds = [...new Set(rows.map(({ seed }) => seed))].sort((a, b) => a - b);
  const lines = [
    `${dataset}, the demo's split; ${queries.toLocaleString('en')} queries of ${classes} classes that no run has seen. Every run has the same budget: the demo preset for ${epochs} epochs at ${size} px in batches of ${batch}, ${rows[0].steps} steps, the last checkpoint, no choice by validation. Seeds: ${seeds.join(', ')}. Where there is one seed, the interval is over queries (95 %, bootstrap); of several, the mean and the lowest and highest run. Zero-shot R@1 is ${cell(zeroShot)}.`,
    '',
    '| triplets | R@1, triplets alone | R@1, with the global loss | MAP@R, alone | MAP@R, global | took, alone | took, global |',
    '|---|---|---|---|---|---|---|',
  ];
  for (const way of new Set(rows.map((row) => row.way))) {
    const of = (globalWeight) => rows.filter((row) => row.way === way && row.globalWeight === globalWeight);
    const cells = [
      ...[0, 1].map((weight) => score(of(weight), 'recallAt1')),
      ...[0, 1].map((weight) => score(of(weight), 'mapAtR')),
      ...[0, 1].map((weight) => seconds(of(weight))),
    ];
    lines.push(`| ${way} | ${cells.join(' | ')} |`);
  }
  return `${lines.join('\n')}\n`;
}

const cell = ({ value, low, high }) => `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

function score(rows, name) {
  if (rows.length === 0) return '';
  if (rows.length === 1) return cell(rows[0][name]);
  const values = rows.map((row) => row[name].value);
  return cell({ value: mean(values), low: Math.min(...values), high: Math.max(...values) });
}

const seconds = (rows) => (rows.length === 0 ? '' : `${Math.round(mean(rows.map((row) => row.seconds)))} s`);
