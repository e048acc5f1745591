/** @module The results of a search as a table, a picture and one self-contained page. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { alignedTable, short } from '@latent-dogs/command-line';
import { writeFileAtomically } from '@latent-dogs/files';
import sharp from 'sharp';
import { escapeHtml, plainDocument } from '../run/report/document.ts';
import { trainCommand } from '../run/train-command.ts';
import { type CellResult, rate, recommended } from './grid.ts';
import { cellColours, heatMapSvg, outcomeColours } from './heat-map.ts';
import { cellSheet, type SearchRecord } from './search-folder.ts';

export interface Findings {
  folder: string;
  record: SearchRecord;
  results: readonly CellResult[];
}

const figure = (value: number | null) => short(value, 2);

/** One row per rate of G, one column per rate of D; `*` marks the recommended pair. */
export function resultTable({ record, results }: Findings): string {
  const best = recommended(record, results);
  const table = [
    ['lr_g \\ lr_d', ...record.ratesD.map(rate)],
    ...record.ratesG.map((lrG) => [
      rate(lrG),
      ...record.ratesD.map((lrD) => {
        const cell = results.find((one) => one.lrG === lrG && one.lrD === lrD);
        return cell ? `${cell === best ? '*' : ''}${cell.outcome} ${figure(cell.distance)}` : '';
      }),
    ]),
  ];
  return alignedTable(table, () => true);
}

/** The command that trains with the recommended rates; null if no pair learned. */
export function recommendedCommand({ record, results }: Findings): string | null {
  const best = recommended(record, results);
  if (!best) return null;
  const { lrG, lrD } = best;
  return trainCommand({ ...record.config, lrG, lrD }, new Set(['images', 'backend', 'device']));
}

/** Writes `heat-map.png` and `report.html`, and returns their paths. */
export async function writeFindings(findings: Findings): Promise<{ picture: string; page: string }> {
  const { folder, record, results } = findings;
  const picture = join(folder, 'heat-map.png');
  await writeFileAtomically(
    picture,
    await sharp(Buffer.from(heatMapSvg(record, results)))
      .png()
      .toBuffer(),
  );
  const page = join(folder, 'report.html');
  await writeFileAtomically(page, await html(findings));
  return { picture, page };
}

const STYLE = `td, th { padding: 6px; vertical-align: top; font-size: 13px; }
td { background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
td.best { outline: 3px solid var(--text); }
td b, p b { display: inline-block; padding: 1px 7px; border-radius: 5px; color: #fff; }
p b { margin-right: 6px; }
td img { display: block; width: 100%; min-width: 128px; margin: 5px 0; border-radius: 4px; image-rendering: pixelated; }`;

async function html(findings: Findings): Promise<string> {
  const { folder, record, results } = findings;
  const { config, dataset, steps, ratesD, ratesG } = record;
  const colours = cellColours(results);
  const best = recommended(record, results);
  const command = recommendedCommand(findings);
  const pictures = new Map(
    await Promise.all(results.map(async (cell) => [cell, await thumbnail(folder, cell)] as const)),
  );
  const box = (cell: CellResult | undefined) => {
    if (!cell) return '<td>not tried yet</td>';
    const { outcome, lossD, lossG, dReal, dFake, diversity, distance, frechet, swd } = cell;
    return (
      `<td${cell === best ? ' class="best"' : ''}><b style="background:${colours.get(cell)}">${outcome} ${figure(distance)}</b>${pictures.get(cell) ?? ''}` +
      `<small>D_loss ${figure(lossD)}, G_loss ${figure(lossG)}<br>D(x) ${figure(dReal)}, D(G(z)) ${figure(dFake)}<br>diversity ${figure(diversity)}, ${cell.steps} steps<br>SWD ${figure(swd)}, Fréchet ${figure(frechet)}</small></td>`
    );
  };
  const rows = ratesG.map(
    (lrG) =>
      `<tr><th>${rate(lrG)}</th>${ratesD.map((lrD) => box(results.find((one) => one.lrG === lrG && one.lrD === lrD))).join('')}</tr>`,
  );
  const legend = Object.entries(outcomeColours).map(([name, colour]) => `<b style="background:${colour}">${name}</b>`);
  const body = `<header>
<p class="run">${escapeHtml(basename(folder))}</p>
<h1>Learning rates for ${escapeHtml(dataset.name)}, ${config.size}×${config.size}</h1>
<p class="when">Each cell is a new GAN with preset ${config.preset}, trained for ${steps} steps of ${config.batch} images. The number is the distance of its pictures to the photos: 1 before training, 0 for photos.</p>
</header>
<p>${legend.join('')}<b style="background:hsl(145 60% 32%)">learning</b></p>
<div class="scroll"><table><thead><tr><th>lr_g \\ lr_d</th>${ratesD.map((lr) => `<th>${rate(lr)}</th>`).join('')}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div>
<h2>Next</h2>
<p><code>${escapeHtml(command ?? 'No pair learned; try other rates, or more images per pair.')}</code></p>`;
  return plainDocument({ title: `Learning rates for ${dataset.name}`, style: STYLE, body });
}

async function thumbnail(folder: string, cell: CellResult): Promise<string> {
  const png = await readFile(cellSheet(folder, cell)).catch(() => null);
  if (!png) return '';
  const webp = await sharp(png).webp({ quality: 80 }).toBuffer();
  return `<img src="data:image/webp;base64,${webp.toString('base64')}" alt="Samples">`;
}
