/** @module The HTML of a report. */

import { duration, grouped } from '@latent-dogs/command-line';
import type { LogLine, RunEvent, RunRecord } from '@latent-dogs/dcgan';
import { settings } from '../../train/settings-table.ts';
import type { Curve } from './decimated-log.ts';
import { documentOf, escapeHtml } from './document.ts';
import type { MetricPoints } from './metric-curves.ts';
import type { StripSheet } from './sheet-strip.ts';

/** Data for `charts.js`. */
interface ChartData {
  imagesSeen: number[];
  curves: Record<string, Curve>;
  metrics: Record<string, MetricPoints>;
  /** Of the photos that are held out; empty if there are none. */
  overfitting: Record<string, MetricPoints>;
}

interface ReportContents {
  /** Name of the run folder. */
  run: string;
  record: RunRecord;
  last: LogLine | null;
  /** Images seen at the best checkpoint; null: none was evaluated. */
  best: number | null;
  data: ChartData;
  fakes: StripSheet[];
  reals: string | null;
  events: RunEvent[];
  /** Whether the run is being trained. */
  running: boolean;
  written: Date;
}

/** Maximum number of events listed, newest first to stay. */
const maxEvents = 200;

export async function reportPage(contents: ReportContents): Promise<string> {
  const { record, run, best } = contents;
  const title = `${record.dataset.name}, ${record.config.size}×${record.config.size}`;
  const markers = contents.events.filter(({ event }) => isMarked(event)).slice(-maxEvents);
  const data = {
    ...contents.data,
    running: contents.running,
    markers: [
      ...markers.map(({ imagesSeen, event, message }) => ({ imagesSeen, message, kind: kindOf(event) })),
      ...(best === null ? [] : [{ imagesSeen: best, message: 'best checkpoint', kind: 'best' }]),
    ],
  };
  const body = `<header>
<p class="run">${escapeHtml(run)}</p>
<h1>${escapeHtml(title)}</h1>
<p class="when">${when(contents)}</p>
${tiles(contents)}
</header>
<main>
${samples(contents)}
<section id="curves"><h2>Curves</h2><div class="charts"></div></section>
${eventTable(contents.events)}
${settingTable(record)}
</main>`;
  return documentOf({
    title: `${title} · ${run}`,
    body,
    data,
    scripts: [new URL('charts.js', import.meta.url), new URL('follow.js', import.meta.url)],
  });
}

function when({ record, written, last, running }: ReportContents): string {
  const { count, name } = record.dataset;
  const source = record.config.data === null ? 'drawn dogs' : `images of ${escapeHtml(name)}`;
  const state = (last?.imagesSeen ?? 0) >= record.config.images ? 'finished' : 'as of';
  return (
    `Preset <b>${record.config.preset}</b> on ${grouped(count)} ${source}. ` +
    `Started ${time(record.created)}, ${state} ${time(written.toISOString())}.${running ? ' This page follows the training.' : ''}`
  );
}

function time(iso: string): string {
  return `<time datetime="${escapeHtml(iso)}">${escapeHtml(iso.slice(0, 16).replace('T', ' '))} UTC</time>`;
}

function tiles({ record, last, best, events }: ReportContents): string {
  const seen = last?.imagesSeen ?? 0;
  const share = Math.min(1, seen / record.config.images);
  const rollbacks = events.filter(({ event }) => event === 'guard-rolled-back').length;
  const loss = (value: number | null | undefined) => (typeof value === 'number' ? value.toPrecision(4) : '–');
  const list: [string, string, string?][] = [
    [
      'Images seen',
      `${grouped(seen)}<small> of ${grouped(record.config.images)}</small>`,
      `<progress max="1" value="${share.toFixed(4)}"></progress>`,
    ],
    ['D_loss', loss(last?.lossD)],
    ['G_loss', loss(last?.lossG)],
    ['Speed', last ? `${last.imagesPerSecond.toFixed(1)}<small> images/s</small>` : '–'],
    ['Time trained', last ? duration(last.seconds) : '–'],
    ['Best checkpoint', best === null ? '–' : `${grouped(best)}<small> images</small>`],
    ['Roll-backs', String(rollbacks)],
  ];
  const items = list.map(([name, value, more = '']) => `<div><dt>${name}</dt><dd>${value}${more}</dd></div>`);
  return `<dl class="tiles">${items.join('')}</dl>`;
}

function samples({ fakes, reals, best }: ReportContents): string {
  const newest = fakes.at(-1);
  if (newest === undefined) return '';
  const caption = (sheet: StripSheet) => `${grouped(sheet.imagesSeen)} images`;
  const strip = fakes.map(
    (sheet, i) =>
      `<button type="button"${i === fakes.length - 1 ? ' aria-current="true"' : ''}` +
      `${sheet.imagesSeen === best ? ' class="best" title="Best checkpoint"' : ''}>` +
      `<img src="${sheet.picture}" alt="Samples after ${caption(sheet)}" loading="lazy">` +
      `<span>${grouped(sheet.imagesSeen)}</span></button>`,
  );
  return `<section id="samples"><h2>Samples</h2>
<div class="pair">
<figure id="shown"><img src="${newest.picture}" alt=""><figcaption>Generated after <b>${caption(newest)}</b></figcaption></figure>
${reals === null ? '' : `<figure><img src="${reals}" alt=""><figcaption>Photos</figcaption></figure>`}
</div>
<div class="strip" tabindex="0" aria-label="Samples over time; use the arrow keys">${strip.join('')}</div>
</section>`;
}

function eventTable(all: readonly RunEvent[]): string {
  const skipped = all.filter(({ event }) => event === 'photo-skipped');
  const others = all.filter(({ event }) => event !== 'photo-skipped');
  const rows = others
    .slice(-maxEvents)
    .map(
      ({ time: at, event, imagesSeen, message }) =>
        `<tr class="${kindOf(event)}"><td>${time(at)}</td><td class="number">${grouped(imagesSeen)}</td>` +
        `<td><code>${escapeHtml(event)}</code></td><td>${escapeHtml(message)}</td></tr>`,
    );
  const left = others.length - rows.length;
  return `<section id="events"><h2>Events</h2>
${left > 0 ? `<p>The newest ${maxEvents} of ${grouped(others.length)}; all are in events.jsonl.</p>` : ''}
${rows.length === 0 ? '<p>No events.</p>' : `<div class="scroll"><table><thead><tr><th>When</th><th class="number">Images</th><th>Event</th><th>Details</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`}
${skippedList(skipped)}
</section>`;
}

function skippedList(skipped: readonly RunEvent[]): string {
  if (skipped.length === 0) return '';
  const rows = skipped.slice(0, maxEvents).map(({ message }) => `<li>${escapeHtml(message)}</li>`);
  const left = skipped.length - rows.length;
  if (left > 0) rows.push(`<li>and ${grouped(left)} more, listed in events.jsonl</li>`);
  return `<details><summary>${grouped(skipped.length)} ${skipped.length === 1 ? 'photo' : 'photos'} skipped</summary><ul>${rows.join('')}</ul></details>`;
}

function settingTable({ config, dataset, versions }: RunRecord): string {
  const rows = settings(config).map(({ name, value, preset }) => {
    const difference = preset === null ? '' : `<small>preset: ${escapeHtml(preset)}</small>`;
    return `<div${preset === null ? '' : ' class="changed"'}><dt>${name}</dt><dd>${escapeHtml(value)}${difference}</dd></div>`;
  });
  const made = Object.entries(versions).map(([name, version]) => `${escapeHtml(name)} ${escapeHtml(version)}`);
  return `<section id="settings"><h2>Settings</h2>
<p>Differences from the preset <b>${config.preset}</b> are marked.</p>
<dl class="settings">${rows.join('')}</dl>
<details><summary>Data and versions</summary><p>${grouped(dataset.count)} images of ${escapeHtml(dataset.name)}, fingerprint <code>${escapeHtml(dataset.fingerprint)}</code></p><p>${made.join(', ')}</p></details>
</section>`;
}

/** Events drawn as a line across the curves. */
function isMarked(event: string): boolean {
  return kindOf(event) !== '' && event !== 'photo-skipped';
}

function kindOf(event: string): '' | 'bad' | 'note' {
  if (event.startsWith('guard-') || event.endsWith('-damaged')) return 'bad';
  return event.startsWith('run-resumed') ? 'note' : '';
}
