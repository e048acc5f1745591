/** @module The page of a comparison: table, curves and samples of the runs in one self-contained file. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { grouped } from '@latent-dogs/command-line';
import { documentOf, escapeHtml } from '../run/report/document.ts';
import { sheetsOf, shrunk } from '../run/report/sheet-strip.ts';
import type { Comparison, Row } from './comparison.ts';
import { type Curves, lossCurves, metricCurves, overfittingCurves } from './curves.ts';
import { darkColours, lightColours, lineStyle } from './line-styles.ts';
import type { Run } from './runs.ts';
import { showFigure } from './table.ts';

/** The HTML of a comparison. */
export async function comparisonPage(comparison: Comparison): Promise<string> {
  const { pictures, common, at, rows } = comparison;
  const runs = rows.map(({ run }) => run);
  const sheets = await Promise.all(runs.map((run) => sheetNear(run, at)));
  const reals = await readFile(join(runs[0]!.folder, 'reals.png')).then(shrunk, () => null);
  const shared = common.length > 0 ? ` In all runs: <code>${escapeHtml(common.join(' '))}</code>.` : '';
  const body = `<header>
<h1>${rows.length} runs compared</h1>
<p class="when">${escapeHtml(pictures)}.${shared} Metrics after ${grouped(at)} images; the best is bold.</p>
</header>
<main>
${table(comparison)}
<section id="curves"><h2>Curves</h2><div class="charts"></div></section>
<section id="samples"><h2>Samples</h2><div class="sheets">
${rows.map((row, i) => sheetFigure(row, i, sheets[i]!)).join('\n')}
${reals === null ? '' : `<figure><img src="${reals}" alt=""><figcaption>Photos</figcaption></figure>`}
</div></section>
<section id="commands"><h2>Commands</h2><dl>
${rows.map(({ label, command }, i) => `<dt>${key(i)}<code>${escapeHtml(label)}</code></dt><dd><code>${escapeHtml(command)}</code></dd>`).join('\n')}
</dl></section>
</main>`;
  return documentOf({
    title: `${rows.length} runs of ${pictures}`,
    body,
    data: { charts: charts(comparison) },
    scripts: [new URL('charts.js', import.meta.url)],
    style: `${palette()}\n${await readFile(new URL('compare.css', import.meta.url), 'utf8')}`,
  });
}

function charts({ rows }: Comparison) {
  const runs = rows.map(({ run }) => run);
  const styled = ({ title, lines }: Curves, { dots, logarithm }: { dots: boolean; logarithm: boolean | 'first' }) => ({
    title,
    logarithm,
    lines: lines.map((line, i) => {
      const { colour, dash } = lineStyle(i);
      return { ...line, label: rows[i]!.label, tint: `run-${colour}`, dash, dots, width: 2 };
    }),
  });
  return [
    styled(metricCurves(runs, 'swd.mean'), { dots: true, logarithm: 'first' }),
    styled(metricCurves(runs, 'frechetRandom'), { dots: true, logarithm: 'first' }),
    styled(metricCurves(runs, 'msSsim'), { dots: true, logarithm: false }),
    ...[overfittingCurves(runs, 'rv'), overfittingCurves(runs, 'augmentP')]
      .filter((curves) => curves !== null)
      .map((curves) => styled(curves, { dots: false, logarithm: false })),
    styled(lossCurves(runs, 'lossG'), { dots: false, logarithm: true }),
    styled(lossCurves(runs, 'lossD'), { dots: false, logarithm: true }),
  ];
}

function palette(): string {
  const colours = (list: readonly string[]) => list.map((colour, i) => `--run-${i}: ${colour};`).join(' ');
  return `:root { ${colours(lightColours)} }
@media (prefers-color-scheme: dark) { :root { ${colours(darkColours)} } }`;
}

/** Legend key: a piece of a run's line. */
function key(index: number): string {
  const { colour, dash } = lineStyle(index);
  const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
  return `<svg class="key" aria-hidden="true"><line x1="0" y1="5" x2="28" y2="5" style="stroke: var(--run-${colour})"${dashes}/></svg>`;
}

function table({ columns, rows }: Comparison): string {
  const number = (text: string, best = false) => `<td class="number${best ? ' best' : ''}">${text}</td>`;
  const lines = rows.map(
    ({ run, label, imagesSeen, figures }, i) =>
      `<tr><td>${escapeHtml(run.name)}</td><td>${key(i)}<code>${escapeHtml(label)}</code></td>${number(grouped(imagesSeen))}` +
      `${figures.map((figure) => number(showFigure(figure), figure.best)).join('')}</tr>`,
  );
  const heads = ['images', ...columns].map((name) => `<th class="number">${escapeHtml(name)}</th>`);
  return `<section id="runs"><h2>Runs</h2><div class="scroll"><table>
<thead><tr><th>run</th><th>settings</th>${heads.join('')}</tr></thead>
<tbody>
${lines.join('\n')}
</tbody></table></div></section>`;
}

interface Sheet {
  imagesSeen: number;
  /** A `data:` URI. */
  picture: string;
}

/** The sheet closest to `images` seen; null if the run has none nearby. */
async function sheetNear({ folder, record }: Run, images: number): Promise<Sheet | null> {
  const away = ({ imagesSeen }: { imagesSeen: number }) => Math.abs(imagesSeen - images);
  const [nearest] = (await sheetsOf(folder)).sort((a, b) => away(a) - away(b));
  const { sheetEvery, tickEvery, batch } = record.config;
  if (!nearest || away(nearest) > Math.max(sheetEvery / 2, tickEvery, batch)) return null;
  return { imagesSeen: nearest.imagesSeen, picture: await shrunk(await readFile(join(folder, nearest.name))) };
}

function sheetFigure({ label }: Row, index: number, sheet: Sheet | null): string {
  const picture = sheet && `<img src="${sheet.picture}" alt="Samples of ${escapeHtml(label)}">`;
  const after = sheet ? `after ${grouped(sheet.imagesSeen)} images` : 'no sheet there';
  return `<figure>${picture ?? ''}<figcaption>${key(index)}<code>${escapeHtml(label)}</code> ${after}</figcaption></figure>`;
}
