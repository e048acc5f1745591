import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import uPlot from 'uplot';
import { expect, test } from 'vitest';

const code = await readFile(join(import.meta.dirname, 'charts.js'), 'utf8');

interface Chart {
  title: string;
  x: number[];
  lines: { label: string; mean: (number | null | undefined)[]; min?: unknown[]; max?: unknown[]; dots?: boolean }[];
}

/** The charts that a report's script asks for. */
function chartsOf(data: object): Chart[] {
  const element = { textContent: JSON.stringify(data), hidden: false };
  let charts: Chart[] = [];
  const mount = (_: unknown, given: Chart[]) => {
    charts = given;
    return true;
  };
  runInNewContext(code, {
    document: { getElementById: () => element, querySelector: () => null },
    chartKit: { mount, grouped: (value: number) => value.toLocaleString('en-US') },
    uPlot,
  });
  // Of the context's own Array, which toEqual tells from ours.
  return JSON.parse(JSON.stringify(charts, (_, value) => (value === undefined ? 'none' : value)));
}

const curve = (...mean: (number | null)[]) => ({ mean, min: mean, max: mean });
const curves = {
  lossD: curve(1, 2, 3),
  lossG: curve(3, 2, 1),
  signReal: curve(0.1, 0.2, 0.3),
  augmentP: curve(0, 0.5, 1),
};
const imagesSeen = [10, 20, 30];

test('r_v and the logits of held-out photos are drawn where they were measured, beside r_t and p', () => {
  const measured = (...values: (number | null)[]) => ({ imagesSeen: [15, 30], values });
  const overfitting = {
    rv: measured(0.4, null),
    logitReal: measured(3, 4),
    logitHeldOut: measured(1, 0),
    logitFake: measured(-2, -3),
  };
  const charts = chartsOf({ imagesSeen, curves, metrics: {}, overfitting, markers: [] });
  const overfittingChart = charts.find(({ title }) => title.startsWith('Overfitting of D'))!;
  expect(overfittingChart.x).toEqual([10, 15, 20, 30]);
  expect(overfittingChart.lines).toMatchObject([
    { label: 'r_t', mean: [0.1, 'none', 0.2, 0.3], min: [0.1, 'none', 0.2, 0.3], max: [0.1, 'none', 0.2, 0.3] },
    { label: 'r_v', mean: ['none', 0.4, 'none', null], dots: true },
    { label: 'p', mean: [0, 'none', 0.5, 1] },
  ]);
  const logits = charts.find(({ title }) => title.startsWith("D's logits"))!;
  expect(logits.x).toEqual([15, 30]);
  expect(logits.lines.map(({ label, mean }) => [label, mean])).toEqual([
    ['photos', [3, 4]],
    ['held-out photos', [1, 0]],
    ['fakes', [-2, -3]],
  ]);
});

test('a run without held-out photos has r_t as it was logged, and no chart of logits', () => {
  const charts = chartsOf({ imagesSeen, curves, metrics: {}, overfitting: {}, markers: [] });
  const drawn = charts.filter(({ lines }) => lines.length > 0);
  expect(drawn.map(({ title }) => title.split(' ')[0])).toEqual(['Losses', 'Overfitting']);
  expect(drawn[1]).toMatchObject({
    x: imagesSeen,
    lines: [
      { label: 'r_t', mean: curves.signReal.mean },
      { label: 'p', mean: curves.augmentP.mean },
    ],
  });
});

test("pnpm evaluate's numbers are in the chart of the training's, by number of pictures; levels that it has no place for are left out", () => {
  const at = (...imagesSeen: number[]) => ({ imagesSeen, values: imagesSeen.map((images) => images / 10) });
  const metrics = {
    'swd.64': at(10, 20),
    'swd.mean': at(10, 20),
    '2000/swd.64': at(20),
    '2000/swd.mean': at(20),
    '500/swd.mean': at(10),
    '2000/fid': at(20),
  };
  const charts = chartsOf({ imagesSeen, curves: {}, metrics, overfitting: {}, markers: [] });
  const [swd, fid, ...others] = charts.filter(({ lines }) => lines.length > 0);
  expect(others).toEqual([]);
  expect(swd!.x).toEqual([10, 20]);
  expect(swd!.lines.map(({ label, mean }) => [label, mean])).toEqual([
    ['level 64', [1, 2]],
    ['mean', [1, 2]],
    ['mean, 2,000 pictures', ['none', 2]],
    ['mean, 500 pictures', [1, 'none']],
  ]);
  expect(new Set(swd!.lines.map((line) => (line as unknown as { tint: string }).tint)).size).toBe(4);
  expect(fid!.lines.map(({ label }) => label)).toEqual(['fid, 2,000 pictures']);
  // Without measurements of the training, all levels are shown.
  const alone = chartsOf({
    imagesSeen,
    curves: {},
    metrics: { '500/swd.64': at(10), '500/swd.mean': at(10) },
    overfitting: {},
    markers: [],
  });
  expect(alone.find(({ lines }) => lines.length > 0)!.lines).toHaveLength(2);
});
