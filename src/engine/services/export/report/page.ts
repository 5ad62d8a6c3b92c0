import type { Evaluation, Neighbor, Score } from '#shared/domain/evaluation.ts';
import type { Run, RunPoint } from '#shared/domain/run.ts';
import type { Triplet } from '#shared/domain/triplet.ts';
import type { ComparedQuery } from './chosen-queries.ts';
import { curveChart } from './curve-chart.ts';
import { Html, html } from './html.ts';
import { STYLE } from './style.ts';

export interface ReportContent {
  readonly run: Run;
  readonly points: readonly RunPoint[];
  readonly evaluation: Evaluation | null;
  readonly zeroShot: Evaluation | null;
  readonly queries: readonly ComparedQuery[];
  readonly triplets: readonly Triplet[];
  readonly licence: string | null;
  /** A data URI for an image; empty where there is no thumbnail. */
  readonly picture: (imageId: number) => string;
  readonly madeAt: string;
}

const CURVES: readonly (readonly [string, string])[] = [
  ['loss', 'Loss'],
  ['recallAt1', 'Recall@1 on validation classes'],
  ['learningRate', 'Learning rate'],
  ['activeShare', 'Share of active samples'],
  ['distinctCenters', 'Distinct centres a class'],
  ['imagesPerSecond', 'Images a second'],
];

const SCORE_NAMES: Readonly<Record<string, string>> = {
  'recall@1': 'Recall@1',
  'recall@2': 'Recall@2',
  'recall@4': 'Recall@4',
  'recall@8': 'Recall@8',
  'map@r': 'MAP@R',
  'r-precision': 'R-precision',
  nmi: 'NMI',
  ami: 'AMI',
};

/** The whole report as one file: no script, nothing from outside. */
export function reportPage(content: ReportContent): string {
  const { run, evaluation } = content;
  const body = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${run.name} - Plumage</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <h1>${run.name}</h1>
        <p class="soft">
          ${run.method} on ${run.datasetName} (revision ${run.datasetRevision}), split "${run.splitName}".
          Made ${content.madeAt}.
        </p>
        ${run.stale ? html`<p>The dataset has changed since this run was trained.</p>` : null}
        ${scores(content)}
        <h2>Training</h2>
        ${curves(content)} ${evaluation === null ? null : queries(content)} ${triplets(content)}
        <h2>Settings</h2>
        ${settings(run)}
        ${
          content.licence === null
            ? null
            : html`<h2>Licence of the pictures</h2>
                <p>${content.licence}</p>`
        }
      </body>
    </html>`;
  return body.text;
}

function scores({ evaluation, zeroShot }: ReportContent): Html {
  if (evaluation === null)
    return html`<h2>Scores</h2>
      <p>This run was not evaluated yet.</p>`;
  const gain = evaluation.zeroShot?.differenceRecallAt1;
  const names = Object.keys(SCORE_NAMES).filter((name) => name in evaluation.scores);
  return html`<h2>Scores on "${evaluation.part}"</h2>
    <p>
      ${evaluation.queries} queries of ${evaluation.classes}
      classes${evaluation.seenClasses ? ' that were trained on: this says nothing about unseen classes' : ' that were never trained on'};
      95 % bootstrap intervals over queries.
      ${gain === undefined ? null : html`Recall@1 changed by <strong>${signed(gain.value)}</strong> (${signed(gain.low)} to ${signed(gain.high)}, same queries).`}
    </p>
    <table>
      <thead>
        <tr>
          <th>Score</th>
          <th>Before (zero-shot, ${evaluation.protocol.size} px)</th>
          <th>After</th>
        </tr>
      </thead>
      <tbody>
        ${names.map(
          (name) =>
            html`<tr>
              <td>${SCORE_NAMES[name]!}</td>
              <td>${interval(zeroShot?.scores[name])}</td>
              <td>${interval(evaluation.scores[name])}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="soft">
      Protocol ${evaluation.protocol.hash.slice(0, 12)}: ${evaluation.protocol.crop},
      ${evaluation.protocol.dim} dimensions, ${evaluation.protocol.metric}, each query excluded
      ${evaluation.protocol.selfExclusion}, checkpoint: ${evaluation.protocol.checkpointRule}.
    </p>`;
}

function curves({ points }: ReportContent): Html {
  const charts = CURVES.map(([key, title]) =>
    curveChart({
      title,
      points: points
        .filter(({ values }) => key in values)
        .map(({ step, values }) => ({ x: step, y: values[key]! })),
    }),
  ).filter((chart) => chart !== null);
  return charts.length === 0
    ? html`<p>No curves were recorded.</p>`
    : html`<div class="charts">${charts}</div>`;
}

function queries({ queries: compared, picture }: ReportContent): Html | null {
  if (compared.length === 0) return null;
  const list = (name: string, neighbors: readonly Neighbor[]): Html =>
    html`<div class="row">
      <span class="name">${name}</span>
      ${neighbors.map((one) => figure(picture(one.imageId ?? 0), `${one.hit ? '✓' : '✗'} ${one.distance.toFixed(3)} ${one.class}`, one.hit ? 'hit' : 'miss'))}
    </div>`;
  return html`<h2>Queries, before and after</h2>
    ${compared.map(
      (query) =>
        html`<div class="card" style="margin-bottom:12px">
          <h3>${query.class}</h3>
          <div class="row">
            <span class="name">Query</span>${figure(picture(query.imageId), query.class, '')}
          </div>
          ${list('Before', query.before)}${list('After', query.after)}
        </div>`,
    )}`;
}

function triplets({ triplets: rows, picture }: ReportContent): Html | null {
  if (rows.length === 0) return null;
  return html`<h2>Hardest triplets</h2>
    <p class="soft">
      Anchor, the nearest image of its class, and the nearest farther image of another class, with Euclidean
      distances between unit-length vectors.
    </p>
    <div class="triplets">
      ${rows.map(
        (one) =>
          html`<div class="card">
            <div class="row">
              ${figure(picture(one.anchor.imageId), `anchor: ${one.anchor.class}`, '')}
              ${figure(picture(one.positive.imageId), `${one.anchorPositive.toFixed(3)} ${one.positive.class}`, 'hit')}
              ${figure(picture(one.negative.imageId), `${one.anchorNegative.toFixed(3)} ${one.negative.class}`, 'miss')}
            </div>
          </div>`,
      )}
    </div>`;
}

function settings(run: Run): Html {
  const rows = Object.entries(run.config).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return html`<dl>
    ${rows.map(
      ([name, value]) =>
        html`<dt>${name!}</dt>
          <dd>${value!}</dd>`,
    )}
  </dl>`;
}

function figure(source: string, caption: string, kind: string): Html {
  return html`<figure class="picture ${kind}">
    <img src="${source}" alt="${caption}" loading="lazy" />
    <figcaption title="${caption}">${caption}</figcaption>
  </figure>`;
}

function interval(score: Score | undefined): string {
  return score === undefined
    ? '-'
    : `${score.value.toFixed(3)} (${score.low.toFixed(3)} to ${score.high.toFixed(3)})`;
}

const signed = (value: number): string => `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(3)}`;
