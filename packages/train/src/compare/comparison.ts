/** @module Runs as rows of figures, best ones marked. */
import { direction } from '../evaluate/table.ts';
import { trainCommands } from '../run/train-command.ts';
import { labelsOf } from './labels.ts';
import { commonImages, measuredAt } from './measured.ts';
import { describePictures, type Run } from './runs.ts';

export interface Figure {
  /** Null where the run was not measured. */
  value: number | null;
  best: boolean;
}

export interface Row {
  run: Run;
  /** What tells it apart: `dogs --norm-d batch`. */
  label: string;
  imagesSeen: number;
  figures: Figure[];
  /** `pnpm train …` that makes such a run, the data by its name alone. */
  command: string;
}

export interface Comparison {
  /** For example `5,246 images of photos, 64x64`. */
  pictures: string;
  /** Options that all runs have in common. */
  common: string[];
  /** Images seen at which the metrics were measured. */
  at: number;
  /** Names of the figures. */
  columns: string[];
  rows: Row[];
}

const SPEED = 'images/s';

/** @throws UserError where there is nothing to compare by. */
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

/** Median of the ticks: a tick beside another heavy program says little. */
function speedOf({ log }: Run): number | null {
  const speeds = log.map(({ imagesPerSecond }) => imagesPerSecond).sort((a, b) => a - b);
  const middle = speeds.length / 2;
  return finite((speeds[Math.floor(middle)]! + speeds[Math.ceil(middle) - 1]!) / 2);
}

/** Null where one is no better than another, or there is no other. */
function bestOf(name: string, all: readonly (number | null)[]): number | null {
  const values = all.filter((value) => value !== null);
  if (values.length < 2) return null;
  const better = name === SPEED ? 'higher' : direction(name);
  return better === 'lower' ? Math.min(...values) : better === 'higher' ? Math.max(...values) : null;
}

/** Where photos lie and what computes is this machine's own. */
function commandsOf({ record }: Run): string[] {
  const data = record.config.data === null ? null : record.dataset.name;
  return trainCommands({ ...record, config: { ...record.config, data } }, new Set(['backend', 'device']));
}

const finite = (value: number | undefined) => (Number.isFinite(value) ? value! : null);
