import { presetConfig, type StepNumbers } from '@latent-dogs/dcgan';
import { describe, expect, test } from 'vitest';
import { trainCommand } from '../run/train-command.ts';
import { parseTrainOptions } from '../train/options.ts';
import { type CellMeasures, classify } from './classify.ts';
import { type CellResult, cellsOf, type Grid, type Outcome, recommended } from './grid.ts';
import { cellColours, heatMapSvg } from './heat-map.ts';

const healthy: StepNumbers = { lossD: 0.9, lossG: 1.2, dReal: 0.7, dFake: 0.3, signReal: 0.5, diversity: 0.3 };
const measures = (changes: Partial<CellMeasures> = {}, tail: Partial<StepNumbers> = {}): CellMeasures => ({
  maxDiversity: 0.3,
  realDiversity: 0.5,
  distance: 0.3,
  ...changes,
  tail: { ...healthy, ...tail },
});

describe('classify', () => {
  test.each<[string, CellMeasures, Outcome]>([
    ['closer to the photos', measures(), 'learning'],
    ['no closer than an untrained G', measures({ distance: 0.85 }), 'stalled'],
    ['farther', measures({ distance: 15 }), 'stalled'],
    ['still uniform grey', measures({ maxDiversity: 0.04, distance: 0.99 }, { diversity: 0.04 }), 'stalled'],
    ['hardly diverse yet', measures({ maxDiversity: 0.05, distance: 0.7 }, { diversity: 0.04 }), 'learning'],
    ['one picture, from the start', measures({ maxDiversity: 0.04 }, { diversity: 1e-8 }), 'collapsed'],
    ['one picture after many', measures({ maxDiversity: 0.3 }, { diversity: 0.04 }), 'collapsed'],
    ['D right about everything', measures({}, { lossD: 3e-7, lossG: 15.7 }), 'collapsed'],
    ["the student's 100 and 0", measures({}, { lossD: 100, lossG: 0 }), 'diverged'],
    ['not a number', measures({ distance: null }, { lossG: Number.NaN }), 'diverged'],
    ['infinite', measures({ distance: null }, { lossD: Number.POSITIVE_INFINITY }), 'diverged'],
  ])('%s', (_, given, outcome) => {
    expect(classify(given)).toBe(outcome);
  });
});

const grid: Grid = { ratesG: [1e-4, 1e-3, 1e-2], ratesD: [1e-4, 1e-3, 1e-2] };

/** Row by row: a distance for a cell that learns, a letter for one that doesn't. */
function results(...rows: (number | 'd' | 's')[][]): CellResult[] {
  const cells = cellsOf(grid);
  return rows.flat().map((entry, i) => ({
    ...cells[i]!,
    ...healthy,
    outcome: entry === 'd' ? 'diverged' : entry === 's' ? 'stalled' : 'learning',
    distance: typeof entry === 'number' ? entry / 20 : null,
    frechet: null,
    swd: null,
    steps: 100,
    seconds: 1,
  }));
}

describe('recommended', () => {
  const best = (...rows: (number | 'd' | 's')[][]) => {
    const cell = recommended(grid, results(...rows));
    return cell && [cell.lrG, cell.lrD];
  };

  test('is the one closest to the photos', () => {
    expect(best([9, 9, 9], [9, 4, 9], [9, 9, 9])).toEqual([1e-3, 1e-3]);
  });

  test('prefers a cell among good neighbours to an isolated one', () => {
    expect(best([6, 7, 'd'], [6, 8, 5.5], ['s', 'd', 'd'])).toEqual([1e-4, 1e-4]);
  });

  test('is a finished cell, and null if none learned', () => {
    expect(best([9, 8])).toEqual([1e-4, 1e-3]);
    expect(best(['s', 's', 'd'], ['d', 'd', 'd'], ['d', 'd', 'd'])).toBeNull();
    expect(best()).toBeNull();
  });
});

test('lower distance is greener, and cells that did not learn have other colours', () => {
  const all = results([5, 10, 's'], ['d', 5, 20]);
  const colours = [...cellColours(all).values()];
  expect(colours[0]).toBe(colours[4]);
  expect(new Set(colours).size).toBe(5);
});

test('the heat map names every rate and outcome, and outlines one cell', () => {
  const svg = heatMapSvg(grid, results([5, 10, 's'], ['d', 5, 20], [9, 9, 9]));
  for (const text of ['>1e-4<', '>1e-3<', '>1e-2<', 'learning', 'stalled', 'diverged', '>0.50<'])
    expect(svg).toContain(text);
  expect(svg.match(/stroke="#111"/g)).toHaveLength(1);
});

test('the recommended command parses to the same settings', () => {
  const config = {
    ...presetConfig('paper', "my dogs' photos"),
    lrG: 3.2e-4,
    channels: 16,
    flip: true,
    augment: ['color' as const],
    guard: false,
  };
  const command = trainCommand(config);
  expect(command).toBe(
    "pnpm train --data 'my dogs'\\''' photos' --preset paper --flip --channels 16 --lr-g 0.00032 --augment color --no-guard".replace(
      "'\\'''",
      "'\\''",
    ),
  );
  const words = command.replace("'my dogs'\\'' photos'", 'PHOTOS').split(' ').slice(2);
  const read = parseTrainOptions(words.map((word) => (word === 'PHOTOS' ? "my dogs' photos" : word)))!;
  expect(read.config).toEqual(config);
});
