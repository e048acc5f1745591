import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogLine } from '@latent-dogs/dcgan';
import { presetConfig } from '@latent-dogs/dcgan';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeCheckpoint } from '../checkpoint.ts';
import { appendEvaluation } from '../evaluations.ts';
import { openEvents, openLog } from '../log.ts';
import { createRun } from '../run-folder.ts';
import { chromium, drawnDom } from './browser.fixture.ts';
import { RunReport } from './report.ts';

const hostile = '</script><img src=x onerror=alert(1)> & "dogs"';
const time = '2026-01-01T00:00:00.000Z';

let parent: string;
let run: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'report-'));
  const config = { ...presetConfig('dogs', 'photos'), channels: 64, images: 3_200 };
  run = await createRun({ out: parent, config, dataset: { name: hostile, count: 12_500, fingerprint: 'f00d' } });
});
afterEach(() => rm(parent, { recursive: true }));

const line = (step: number): LogLine => ({
  imagesSeen: step * 32,
  step,
  epoch: 1,
  lossD: 1 / step,
  lossG: step === 7 ? null : step,
  dReal: 0.6,
  dFake: 0.4,
  signReal: 0.5,
  augmentP: step / 100,
  imagesPerSecond: 44,
  seconds: step,
  diversity: 0.3,
  ...(step % 10 === 0 ? { metrics: { FID: 300 - step, 'swd.64': step, 'swd.mean': 2 * step } } : {}),
});

function logSteps(from: number, to: number, report?: RunReport) {
  const log = openLog(run);
  for (let step = from; step <= to; step++) {
    log.append(line(step));
    report?.add(line(step));
  }
  log.close();
}

async function sheet(imagesSeen: number, red: number, width = 1_024) {
  const background = { r: red, g: 0, b: 0 };
  const png = sharp({ create: { width, height: width / 2, channels: 3, background } }).png();
  await png.toFile(join(run, `fakes-${String(imagesSeen).padStart(6, '0')}.png`));
}

async function page(report: RunReport) {
  const html = await readFile(await report.write(), 'utf8');
  const data = JSON.parse(html.match(/<script type="application\/json" id="data">(.*?)<\/script>/s)![1]!);
  const strip = html.match(/<div class="strip".*?<\/div>/s)?.[0] ?? '';
  const sheets = [...strip.matchAll(/src="data:image\/webp;base64,([^"]+)".*?<span>([\d,]+)<\/span>/gs)].map(
    ([, picture, imagesSeen]) => ({
      picture: Buffer.from(picture!, 'base64'),
      imagesSeen: Number(imagesSeen!.replaceAll(',', '')),
    }),
  );
  return { html, data, sheets };
}

test('the page follows a run that is being trained, and none that has ended', async () => {
  logSteps(1, 3);
  const report = await RunReport.open(run);
  expect((await page(report)).data.running).toBe(false);
  await writeFile(join(run, 'training.pid'), `${process.pid}\n`);
  const { data, html } = await page(report);
  expect(data.running).toBe(true);
  expect(html).toContain('This page follows the training');
  expect(html).toContain('location.reload()');
  await report.write(true);
  expect(await readFile(join(run, 'report.html'), 'utf8')).not.toContain('This page follows the training');
});

test('the charts get the values of the log', async () => {
  logSteps(1, 100);
  const { data } = await page(await RunReport.open(run));
  expect(data.imagesSeen).toEqual(Array.from({ length: 100 }, (_, i) => (i + 1) * 32));
  expect(data.curves.lossD.mean[3]).toBe(0.25);
  expect(data.curves.lossG.mean.slice(5, 8)).toEqual([6, null, 8]);
  expect(data.curves.augmentP.mean[3]).toBe(0.04);
  expect(data.metrics.FID.imagesSeen).toHaveLength(10);
  expect(data.metrics.FID.values[9]).toBe(200);
});

test('evaluations of checkpoints have their own curves, with the last measurement of each', async () => {
  const report = await RunReport.open(run);
  logSteps(1, 10, report);
  const evaluation = { time, pictures: 500, metrics: { 'swd.64': 9 }, photos: {} };
  appendEvaluation(run, { ...evaluation, imagesSeen: 320 });
  appendEvaluation(run, { ...evaluation, imagesSeen: 160, metrics: { 'swd.64': 12 } });
  appendEvaluation(run, { ...evaluation, imagesSeen: 320, metrics: { 'swd.64': 8 } });
  appendEvaluation(run, { ...evaluation, imagesSeen: 320, pictures: 2_000, metrics: { 'swd.64': 5 } });
  const { data } = await page(report);
  expect(data.metrics['500/swd.64']).toEqual({ imagesSeen: [160, 320], values: [12, 8] });
  expect(data.metrics['2000/swd.64']).toEqual({ imagesSeen: [320], values: [5] });
  expect(data.metrics['swd.64']).toEqual({ imagesSeen: [320], values: [10] });
  expect((await page(report)).data).toEqual(data);
});

test('a report updated during the run equals one made afterwards', async () => {
  const report = await RunReport.open(run);
  logSteps(1, 50, report);
  await report.write();
  logSteps(51, 100, report);
  const grown = await page(report);
  const afterwards = await page(await RunReport.open(run));
  expect(grown.data).toEqual(afterwards.data);
});

test('the numbers of held-out photos are in the report where they were measured', async () => {
  const report = await RunReport.open(run);
  const log = openLog(run);
  for (const measured of [line(1), { ...line(2), logitReal: 3, logitHeldOut: 1, rv: 0.4 }, { ...line(3), rv: null }]) {
    log.append(measured);
    report.add(measured);
  }
  log.close();
  const { data } = await page(report);
  expect(data.overfitting).toEqual({
    logitReal: { imagesSeen: [64], values: [3] },
    logitHeldOut: { imagesSeen: [64], values: [1] },
    rv: { imagesSeen: [64, 96], values: [0.4, null] },
  });
  expect((await page(await RunReport.open(run))).data.overfitting).toEqual(data.overfitting);
});

test('the best checkpoint is marked', async () => {
  const log = openLog(run);
  for (const [imagesSeen, frechetRandom] of [
    [32, 1],
    [1_280, 0.5],
    [1_600, 0.7],
  ] as const) {
    log.append({ ...line(1), imagesSeen, metrics: { 'swd.mean': 9, frechetRandom } });
    await sheet(imagesSeen, 1);
  }
  log.close();
  const tensors = { a: { shape: [1], data: Float32Array.of(1) } };
  for (const imagesSeen of [32, 1_280, 1_600])
    await writeCheckpoint(run, { imagesSeen, healthy: true, tensors, state: {} });
  const { html, data } = await page(await RunReport.open(run));
  expect(data.markers).toEqual([{ imagesSeen: 1_280, message: 'best checkpoint', kind: 'best' }]);
  expect(html).toContain('<dt>Best checkpoint</dt><dd>1,280<');
  expect([...html.matchAll(/class="best".*?<span>([\d,]+)/g)].map(([, images]) => images)).toEqual(['1,280']);
});

test('a run without log lines has a report', async () => {
  const { html, sheets } = await page(await RunReport.open(run));
  expect(sheets).toEqual([]);
  expect(html).toContain('No events.');
});

test('user input is escaped, and nothing is loaded from other files or servers', async () => {
  const events = openEvents(run);
  events.append({ time, event: 'guard-rolled-back', imagesSeen: 64, message: hostile });
  events.append({ time, event: 'photo-skipped', imagesSeen: 0, message: hostile });
  events.close();
  logSteps(1, 3);
  await sheet(32, 1);
  const { html, data } = await page(await RunReport.open(run));
  expect(html).not.toContain('<img src=x');
  expect(html.match(/<\/script>/g)).toHaveLength(2);
  expect(data.markers).toEqual([{ imagesSeen: 64, message: hostile, kind: 'bad' }]);
  const loaded = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address!.slice(0, 11));
  expect(new Set(loaded)).toEqual(new Set(['data:image/']));
});

test("settings that differ from the preset are marked, with the preset's value", async () => {
  const { html } = await page(await RunReport.open(run));
  const changed = [...html.matchAll(/<div class="changed"><dt>(\w+)<\/dt><dd>([^<]*)<small>([^<]*)/g)];
  expect(changed.map(([, ...parts]) => parts)).toEqual([
    ['images', '3200', 'preset: 560,000'],
    ['channels', '64', 'preset: 32'],
  ]);
});

describe('sheets', () => {
  test('at most 24, the first and the newest among them, evenly spread and scaled down', async () => {
    for (let i = 0; i <= 60; i++) await sheet(i * 1_000, i, 640);
    const { sheets } = await page(await RunReport.open(run));
    expect(sheets.map(({ imagesSeen }) => imagesSeen)).toEqual(Array.from({ length: 16 }, (_, i) => i * 4_000));
    expect(await sharp(sheets[3]!.picture).metadata()).toMatchObject({ format: 'webp', width: 512, height: 256 });
  });

  test('in the order of images seen, also past six digits', async () => {
    for (const imagesSeen of [2_000_000, 0, 999_999, 1_000_000]) await sheet(imagesSeen, 5, 64);
    const { sheets } = await page(await RunReport.open(run));
    expect(sheets.map(({ imagesSeen }) => imagesSeen)).toEqual([0, 999_999, 1_000_000, 2_000_000]);
  });

  test('one that a resumed run rewrites is updated', async () => {
    const report = await RunReport.open(run);
    const redness = async () => (await sharp((await page(report)).sheets[0]!.picture).stats()).channels[0]!.mean;
    await sheet(0, 20);
    expect(await redness()).toBeCloseTo(20, -1);
    await sheet(0, 220);
    expect(await redness()).toBeCloseTo(220, -1);
  });
});

test('the size of a report does not grow from a few thousand to a hundred thousand ticks', async () => {
  const size = async () => (await readFile(await (await RunReport.open(run)).write())).length;
  logSteps(1, 3_000);
  const few = await size();
  await writeFile(join(run, 'log.jsonl'), '');
  const log = openLog(run);
  const { metrics: _, ...plain } = line(10);
  const many = Array.from({ length: 100_000 }, (__, i) => ({ ...plain, imagesSeen: i * 1_000, lossD: Math.sin(i) }));
  log.append(...many);
  log.close();
  expect(await size()).toBeLessThan(2 * few);
});

test.skipIf(!chromium)('in a browser every curve is drawn and the newest sheet is shown', async () => {
  logSteps(1, 99);
  const log = openLog(run);
  log.append({ ...line(100), logitReal: 3, logitHeldOut: 1, logitFake: -2, rv: 0.4 });
  log.close();
  const metrics = { 'swd.64': 9, 'swd.mean': 7.25 };
  appendEvaluation(run, { time, imagesSeen: 3_200, pictures: 2_000, metrics, photos: {} });
  await sheet(1_600, 10);
  await sheet(3_200, 200);
  const file = await (await RunReport.open(run)).write();
  const dom = await drawnDom(file, join(parent, 'profile'));
  expect(dom.match(/<canvas/g)).toHaveLength(8);
  for (const title of [
    'Losses',
    'Probability of being real, according to D',
    'Overfitting of D',
    "D's logits, without augmentation",
    'Speed',
    'Diversity of the fakes',
    'FID',
    'Sliced Wasserstein',
  ]) {
    expect(dom).toContain(`<figcaption>${title}`);
  }
  // Measured by `pnpm evaluate`, in the chart of the training's measurements.
  expect(dom.match(/<figcaption>Sliced/g)).toHaveLength(1);
  expect(dom).toMatch(/>mean, 2,000 pictures</);
  // Without a cursor, legends show the last values.
  const legend = dom.slice(dom.indexOf('mean, 2,000 pictures'));
  expect(legend).toMatch(/^mean, 2,000 pictures<\/div><\/th><td class="u-value">7\.25</);
  expect(dom).toMatch(/>images<\/div><\/th><td class="u-value">3,200</);
  const shown = dom.match(/<figure id="shown"><img src="([^"]*)/)![1]!;
  const pixel = await sharp(Buffer.from(shown.split(',')[1]!, 'base64')).stats();
  expect(pixel.channels[0]!.mean).toBeCloseTo(200, -1);
  expect((await readdir(run)).filter((name) => name.includes('.tmp'))).toEqual([]);
});
