import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chromium, drawnDom } from '../run/report/browser.fixture.ts';
import { type Comparison, compare } from './comparison.ts';
import { labelsOf } from './labels.ts';
import { lightColours } from './line-styles.ts';
import { commonImages, measuredAt } from './measured.ts';
import { parseCompareOptions } from './options.ts';
import { comparisonPage } from './page.ts';
import { plotFile, plotSvg } from './plot.ts';
import { type RunFixture, runFixture } from './runs.fixture.ts';
import { readRuns } from './runs.ts';
import { markdownTable, terminalTable } from './table.ts';

let out: string;
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'compare-'));
});
afterEach(() => rm(out, { recursive: true }));

async function runsOf(...fixtures: RunFixture[]) {
  const folders: string[] = [];
  for (const fixture of fixtures) folders.push(await runFixture(out, fixture));
  return readRuns(folders, out);
}

const swd = (mean: number, frechetRandom = mean / 100) => ({ 'swd.mean': mean, frechetRandom, msSsim: mean / 200 });

describe('refused', () => {
  test('fewer than two runs, duplicates not counted', async () => {
    const folder = await runFixture(out);
    await expect(readRuns([], out)).rejects.toThrow(/at least two runs; none was given/);
    await expect(readRuns([folder, `${folder}/`], out)).rejects.toThrow(/only .*00000-photos-64\/ was given/);
  });

  test('a folder that is not a run', async () => {
    await runFixture(out);
    await expect(readRuns([join(out, 'nothing'), '00000-photos-64'], out)).rejects.toThrow(
      /nothing' is not a run folder .*such as .*00000-photos-64/,
    );
  });

  test('runs of two kinds of pictures, naming the commands that compare those of one kind', async () => {
    const cats: RunFixture = { dataset: { name: 'cats', fingerprint: 'cafe' } };
    const folders = [
      await runFixture(out),
      await runFixture(out, cats),
      await runFixture(out),
      await runFixture(out, cats),
    ];
    const alone = await runFixture(out, { dataset: { name: 'birds', fingerprint: 'b1bd' } });
    const [a, b, c, d] = folders;
    await expect(readRuns([...folders, alone], out)).rejects.toThrow(
      `These can be compared:\n  pnpm compare ${a} ${c}\n  pnpm compare ${b} ${d}`,
    );
  });

  test.each<[string, RunFixture, RegExp]>([
    [
      'photos',
      { dataset: { name: 'cats', count: 99, fingerprint: 'cafe' } },
      /1,234 images of photos, 64x64, and .* on 99 images of cats, 64x64/,
    ],
    [
      'photos of the same name and number',
      { dataset: { fingerprint: 'cafe' } },
      /photos, 64x64 \(fingerprint f00d\), and .*\(fingerprint cafe\)/,
    ],
    ['sizes', { changes: { size: 128 } }, /of photos, 64x64, and .* of photos, 128x128/],
    [
      'crops',
      { changes: { crop: 'attention' }, dataset: { fingerprint: 'cafe' } },
      /64x64 --crop center, and .* 64x64 --crop attention/,
    ],
  ])('different %s', async (_, other, message) => {
    await expect(runsOf({}, {}, other)).rejects.toThrow(message);
  });

  test('runs without measurements, and a number of images without measurements', async () => {
    const never = await runsOf({}, { speeds: [1] });
    expect(() => compare(never, null)).toThrow(/none of these runs has been measured yet.*--evaluate/s);
    const measured = await runsOf({ metrics: { 20000: swd(1), 40000: swd(1) } }, { metrics: { 20000: swd(1) } });
    expect(() => compare(measured, 30_000)).toThrow(/--at: .* at 30,000 images; 2 of 2 were measured at 20,000$/);
  });

  test('a picture of another kind', () => {
    expect(() => parseCompareOptions(['a', 'b', '--plot', 'plot.jpg'])).toThrow(
      /--plot: 'plot.jpg' is not a .png or .svg file/,
    );
  });
});

test('options are parsed', () => {
  expect(parseCompareOptions(['a', '--at', '60k', 'b', '--markdown', '--out', 'c.html', '--plot', 'd.PNG'])).toEqual({
    runs: ['a', 'b'],
    at: 60_000,
    markdown: true,
    out: 'c.html',
    plot: 'd.PNG',
  });
  expect(parseCompareOptions(['a'])).toMatchObject({ at: null, markdown: false, out: 'compare.html', plot: null });
});

describe('labels', () => {
  test('name the differences from the preset; shared ones are listed once', async () => {
    const shared = { flip: false, images: 5_000 };
    const runs = await runsOf(
      { changes: { ...shared, normD: 'none', spectral: true } },
      { changes: { ...shared, normD: 'none', augment: ['color', 'cutout'] } },
      { changes: { ...shared, normD: 'none', lrG: 0.001 } },
    );
    expect(labelsOf(runs)).toEqual({
      labels: ['dogs --spectral', 'dogs --augment color,cutout', 'dogs --lr-g 0.001'],
      common: ['--no-flip', '--norm-d none'],
    });
  });

  test('different presets: a setting that all have, from a preset or an option, is listed once', async () => {
    const runs = await runsOf({ preset: 'paper' }, { changes: { upsample: 'transposed', channels: 64, seed: 3 } });
    const { labels, common } = labelsOf(runs);
    expect(labels).toEqual(['paper', 'dogs --seed 3']);
    expect(common).toEqual(['--channels 64', '--upsample transposed']);
  });

  test('use the settings at that number of images, not those of a later resume', async () => {
    const [plain, resumed] = await runsOf({}, { changes: { images: 9_000, decayImages: 3_000, augment: ['color'] } });
    const before = { images: 5_000, decayImages: 0, augment: ['translation' as const], ada: 0, adaImages: 500_000 };
    const record = { ...resumed!.record, changes: [{ imagesSeen: 5_000, before }] };
    const runs = [
      { ...plain!, record: { ...plain!.record, config: { ...plain!.record.config, seed: 1 } } },
      { ...resumed!, record },
    ];
    expect(labelsOf(runs, 5_000).labels).toEqual(['dogs --seed 1', 'dogs']);
    expect(labelsOf(runs, 6_000).labels).toEqual(['dogs --seed 1', 'dogs --augment color']);
    expect(labelsOf(runs).labels).toEqual(['dogs --seed 1', 'dogs --decay-images 3000 --augment color']);
  });

  test('are unique: equal settings are followed by the run', async () => {
    const runs = await runsOf({}, { changes: { tickEvery: 500, images: 9_000 } }, { changes: { spectral: true } });
    expect(labelsOf(runs).labels).toEqual(['dogs (00000)', 'dogs (00001)', 'dogs --spectral']);
  });

  test('a run older than --backend is equal to one with the resolved backend', async () => {
    const runs = await runsOf({}, { changes: { backend: 'onnxruntime', device: 'cpu', spectral: true } });
    expect(labelsOf(runs)).toEqual({ labels: ['dogs', 'dogs --spectral'], common: [] });
    const other = await runsOf({}, { changes: { backend: 'tensorflow', device: 'cuda' } });
    expect(labelsOf(other).labels[1]).toBe('dogs --backend tensorflow --device cuda');
  });
});

describe('the number of images to compare at', () => {
  test('is the largest at which all were measured, within a tick', async () => {
    const runs = await runsOf(
      { metrics: { 20000: swd(3), 40000: swd(2), 60000: swd(1), 80000: swd(1) } },
      { changes: { batch: 64 }, metrics: { 20032: swd(5), 40000: swd(5), 60032: swd(4) } },
    );
    expect(commonImages(runs, null)).toBe(60_000);
    expect(measuredAt(runs[1]!, 60_000)!.imagesSeen).toBe(60_032);
    expect(commonImages(runs, 20_500)).toBe(20_500);
    expect(measuredAt(runs[1]!, 20_500)!.imagesSeen).toBe(20_032);
    expect(measuredAt(runs[1]!, 22_000)).toBeNull();
  });

  test('ignores runs without measurements', async () => {
    const runs = await runsOf({ metrics: { 20000: swd(3), 40000: swd(2) } }, {}, { metrics: { 40000: swd(2) } });
    expect(commonImages(runs, null)).toBe(40_000);
    expect(measuredAt(runs[1]!, 40_000)).toBeNull();
  });

  test('is the one with the most measured runs, if none has all', async () => {
    const runs = await runsOf(
      { metrics: { 20000: swd(3), 90000: swd(2) } },
      { metrics: { 20000: swd(3) } },
      { metrics: { 50000: swd(2) } },
    );
    expect(commonImages(runs, null)).toBe(20_000);
  });
});

async function threeRuns(): Promise<Comparison> {
  const runs = await runsOf(
    { metrics: { 20000: swd(60), 40000: swd(30, 0.9) }, speeds: [10, 90, 50], sheets: { 20000: 5, 40000: 50 } },
    { changes: { loss: 'hinge' }, metrics: { 20000: swd(50), 40000: swd(35, 0.4) }, sheets: { 40000: 200 } },
    { changes: { lrG: 0.001 }, speeds: [30, 31], sheets: { 0: 1 } },
  );
  return compare(runs, null);
}

describe('tables', () => {
  test('contain the metrics and median speeds, the best marked, a dash for missing values', async () => {
    const lines = terminalTable(await threeRuns()).split('\n');
    expect(lines.slice(0, 2)).toEqual(['1,234 images of photos, 64x64', 'Metrics after 40,000 images; * is the best']);
    expect(lines.slice(3).map((line) => line.split(/\s{2,}/))).toEqual([
      ['run', 'settings', 'images', 'images/s', 'swd.mean', 'frechetRandom', 'msSsim'],
      ['00000', 'dogs', '40,000', '40*', '30*', '0.9', '0.15'],
      ['00001', 'dogs --loss hinge', '40,000', '40*', '35', '0.4*', '0.175'],
      ['00002', 'dogs --lr-g 0.001', '2,000', '30.5', '–', '–', '–'],
    ]);
  });

  test('in Markdown contain the command of each run, without paths', async () => {
    const text = markdownTable(await threeRuns());
    expect(text.split('\n').slice(2)).toEqual([
      '| settings | images/s | swd.mean | frechetRandom | msSsim |',
      '| --- | --: | --: | --: | --: |',
      '| `dogs` | **40** | **30** | 0.9 | 0.15 |',
      '| `dogs --loss hinge` | **40** | 35 | **0.4** | 0.175 |',
      '| `dogs --lr-g 0.001` | 30.5 | – | – | – |',
      '',
      '```sh',
      'pnpm train --data photos',
      'pnpm train --data photos --loss hinge',
      'pnpm train --data photos --lr-g 0.001',
      '```',
    ]);
    expect(text).not.toContain('/home');
  });

  test('escape the name of the dataset', async () => {
    const dataset = { name: '<b>|`x`' };
    const runs = await runsOf({ dataset, metrics: { 20000: swd(3) } }, { dataset, changes: { seed: 1 } });
    expect(markdownTable(compare(runs, null))).toContain('of \\<b\\>\\|\\`x\\`, 64x64');
    expect(await comparisonPage(compare(runs, null))).not.toContain('<b>');
  });
});

describe('the page', () => {
  test('has one line per run in every chart, a table, and the sheets at the common number of images', async () => {
    const html = await comparisonPage(await threeRuns());
    const { charts } = JSON.parse(html.match(/<script type="application\/json" id="data">(.*?)<\/script>/s)![1]!);
    const titles = charts.map(({ title }: { title: string }) => title.split(' ')[0]);
    expect(titles).toEqual(['Sliced', 'Fréchet', 'MS-SSIM', 'G_loss', 'D_loss']);
    for (const { lines } of charts)
      expect(lines.map(({ label }: { label: string }) => label)).toEqual([
        'dogs',
        'dogs --loss hinge',
        'dogs --lr-g 0.001',
      ]);
    expect(charts[0].lines[1]).toMatchObject({ imagesSeen: [20_000, 40_000], values: [50, 35], tint: 'run-1' });
    expect(charts[1].lines[0].values).toEqual([0.6, 0.9]);
    expect(charts[2].lines[2].values).toEqual([]);
    expect(charts[3].lines[2]).toMatchObject({ imagesSeen: [1_000, 2_000], values: [1, 0.5] });
    expect(html.match(/<td class="number best">30</g)).toHaveLength(1);

    const sheets = [...html.matchAll(/<figure>(.*?)<\/figure>/g)].map(([, figure]) => figure!);
    expect(sheets).toHaveLength(3);
    const greyOf = async (figure: string) => {
      const picture = Buffer.from(figure.match(/base64,([^"]+)/)![1]!, 'base64');
      return (await sharp(picture).stats()).channels[0]!.mean;
    };
    expect(await greyOf(sheets[0]!)).toBeCloseTo(50, -1);
    expect(await greyOf(sheets[1]!)).toBeCloseTo(200, -1);
    expect(sheets[1]).toContain('after 40,000 images');
    expect(sheets[2]).toMatch(/^<figcaption>.*no sheet there/);
  });

  test('is self-contained and contains no paths', async () => {
    const html = await comparisonPage(await threeRuns());
    expect([...html.matchAll(/(?:src|href)="(?!data:)/g)]).toEqual([]);
    expect(html).not.toContain('/home/somebody');
  });
});

test.skipIf(!chromium)('in a browser every chart is drawn with a legend of the runs', async () => {
  const file = join(out, 'compare.html');
  await writeFile(file, await comparisonPage(await threeRuns()));
  const dom = await drawnDom(file, join(out, 'profile'));
  expect(dom.match(/<canvas/g)).toHaveLength(5);
  const legends = dom.match(/<table class="u-legend.*?<\/table>/gs)!;
  for (const legend of legends)
    expect([...legend.matchAll(/u-label">([^<]*)/g)].map(([, label]) => label)).toEqual([
      'images',
      'dogs',
      'dogs --loss hinge',
      'dogs --lr-g 0.001',
    ]);
  expect(dom.match(/logarithmic/g)).toHaveLength(4);
});

describe('the picture', () => {
  /** Curves as lists of points: paths in the colour of a run, without the short ones of the legend. */
  const curves = (svg: string) =>
    [...svg.matchAll(/<path d="M([^"Z]*)" fill="none"[^>]* stroke="([^"]*)"[^>]* stroke-width="2\.5"/g)]
      .filter(([, , colour]) => lightColours.some((one) => one === colour))
      .map(([, points, colour]) => ({
        points: points!.split('L').map((point) => point.split(' ').map(Number)),
        colour,
      }))
      .filter(({ points }) => points[0]![1]! < 400);

  test('has one line per measured run in both plots, and names the better direction', async () => {
    const comparison = await threeRuns();
    const svg = plotSvg(comparison);
    const drawn = curves(svg);
    expect(drawn.map(({ colour }) => colour)).toEqual([...lightColours.slice(0, 2), ...lightColours.slice(0, 2)]);
    for (const { points } of drawn) expect(points).toHaveLength(2);
    // SWD 60 -> 30 falls (y grows downwards), Fréchet 0.6 -> 0.9 rises.
    expect(drawn[0]!.points[1]![1]).toBeGreaterThan(drawn[0]!.points[0]![1]!);
    expect(drawn[2]!.points[1]![1]).toBeLessThan(drawn[2]!.points[0]![1]!);
    const words = [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text]) => text);
    expect(words.filter((text) => text!.includes('(lower is better)'))).toHaveLength(2);
    expect(words.filter((text) => text === 'images seen')).toHaveLength(2);
    expect(words).toEqual(expect.arrayContaining(['dogs', 'dogs --loss hinge']));
    expect(words).not.toContain('dogs --lr-g 0.001');
  });

  test('has as many lines as runs, also with more runs than colours', async () => {
    const metrics = { 20000: swd(3), 40000: swd(2) };
    const runs = await runsOf(...Array.from({ length: 9 }, (_, seed) => ({ changes: { seed }, metrics })));
    const svg = plotSvg(compare(runs, null));
    expect(curves(svg)).toHaveLength(18);
    expect(svg.match(/stroke-dasharray/g)!.length).toBeGreaterThanOrEqual(4);
  });

  test("has D's overfitting and ADA's p below, for the runs that log them", async () => {
    const metrics = { 20000: swd(3), 40000: swd(2) };
    const runs = await runsOf(
      { metrics, logged: { rv: -0.1, augmentP: 0.25 } },
      { changes: { seed: 1 }, metrics, logged: { rv: 0.5 } },
      { changes: { seed: 2 }, metrics },
    );
    const svg = plotSvg(compare(runs, null));
    const words = [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text]) => text!);
    expect(words.filter((text) => text === 'images seen')).toHaveLength(4);
    expect(words.some((text) => text.startsWith('r_v'))).toBe(true);
    expect(words.some((text) => text.startsWith('p: '))).toBe(true);
    const heights = [...svg.matchAll(/<path d="M([^"Z]*)" fill="none"[^>]* stroke="[^"]*"[^>]* stroke-width="2\.5"/g)]
      .map(([, points]) => points!.split('L').map((point) => Number(point.split(' ')[1])))
      .filter(([y]) => y! > 450 && y! < 850);
    expect(heights).toHaveLength(3);
    const [first, second] = heights.map(([y]) => y!);
    // r_v -0.1 lies below 0.5.
    expect(first!).toBeGreaterThan(second!);
  });

  test('is a PNG of twice the size if its name ends in .png', async () => {
    const comparison = await threeRuns();
    const png = await sharp(await plotFile('plot.PNG', comparison)).metadata();
    expect(png).toMatchObject({ format: 'png', width: 2_400 });
    expect(String(await plotFile('plot.svg', comparison))).toMatch(/^<svg/);
  });
});

test('a run that is still training, with an incomplete last line, can be compared', async () => {
  const first = await runFixture(out, { metrics: { 20000: swd(3) } });
  const second = await runFixture(out, { changes: { seed: 1 }, metrics: { 20000: swd(4) } });
  await writeFile(join(second, 'log.jsonl'), '{"imagesSeen":24000,"met', { flag: 'a' });
  const { rows } = compare(await readRuns([first, second], out), null);
  expect(rows.map(({ imagesSeen }) => imagesSeen)).toEqual([20_000, 20_000]);
});
