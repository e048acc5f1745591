/** @module Runs as rows of figures, with the best ones marked. */
import { direction } from '../evaluate/table.ts';
import { trainCommands } from '../run/train-command.ts';
import { labelsOf } from './labels.ts';
import { commonImages, measuredAt } from './measured.ts';
import { describePictures, type Run } from './runs.ts';

export interface Figure {
  /** Null: not measured. */
  value: number | null;
  best: boolean;
}

export interface Row {
  run: Run;
  /** The settings that distinguish it: `dogs --norm-d batch`. */
  label: string;
  imagesSeen: number;
  figures: Figure[];
  /** `pnpm train …` that reproduces the run, with the data's name instead of its path. */
  command: string;
}

export interface Comparison {
  /** For example `5,246 images of photos, 64x64`. */
  pictures: string;
  /** Options shared by all runs. */
  common: string[];
  /** Images seen at which the metrics were measured. */
  at: number;
  /** Names of the figures. */
  columns: string[];
  rows: Row[];
}

const SPEED = 'images/s';

/** Compares runs after `at` images; null: see commonImages. @throws UserError if no run was measured there. */
export function compare(runs: readonly Run[], at: number | null): Comparison {
  const images = commonImages(runs, at);
  const { labels, common } = labelsOf(runs, images);
  const measured = runs.map((run) => measuredAt(run, images)?.metrics ?? {});
  const metrics = [...new Set(measured.flatMap(Object.keys))];
  const columns = [SPEED, ...metrics];
  const values = runs.map((run, i) => [speedOf(run), ...metrics.map((name) => finite(measured[i]![name]))]);
  const best = columns.map((name, column) =>
    bestOf(
      name,
      values.map((row) => row[column]!),
    ),
  );
  return {
    pictures: describePictures(runs[0]!),
    common,
    at: images,
    columns,
    rows: runs.map((run, i) => ({
      run,
      label: labels[i]!,
      imagesSeen: run.log.at(-1)?.imagesSeen ?? 0,
      figures: values[i]!.map((value, column) => ({ value, best: value !== null && value === best[column] })),
      command: commandsOf(run).join('\n'),
    })),
  };
}

/** Median of the ticks: single ticks are slowed down by other programs. */
function speedOf({ log }: Run): number | null {
  const speeds = log.map(({ imagesPerSecond }) => imagesPerSecond).sort((a, b) => a - b);
  const middle = speeds.length / 2;
  return finite((speeds[Math.floor(middle)]! + speeds[Math.ceil(middle) - 1]!) / 2);
}

/** The best value; null if the metric has no better direction, or fewer than two runs have it. */
function bestOf(name: string, all: readonly (number | null)[]): number | null {
  const values = all.filter((value) => value !== null);
  if (values.length < 2) return null;
  const better = name === SPEED ? 'higher' : direction(name);
  return better === 'lower' ? Math.min(...values) : better === 'higher' ? Math.max(...values) : null;
}

/** Without the path of the photos, the backend and the device, which are specific to this machine. */
function commandsOf({ record }: Run): string[] {
  const data = record.config.data === null ? null : record.dataset.name;
  return trainCommands({ ...record, config: { ...record.config, data } }, new Set(['backend', 'device']));
}

const finite = (value: number | undefined) => (Number.isFinite(value) ? value! : null);
