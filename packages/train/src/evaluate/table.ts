/** @module Metrics as a table of text. */
import { alignedTable } from '@latent-dogs/command-line';
import type { Metrics } from '@latent-dogs/metrics';

/** The better direction or target of a metric; empty if there is none. */
export function direction(name: string): string {
  const metric = name.replace(/^.*\.(?=[a-z])/i, '');
  if (/^(swd|frechet|fid|kid$)/.test(metric) || name.startsWith('swd.')) return 'lower';
  if (/^(precision|recall)/.test(metric)) return 'higher';
  return { nearCopies: 'up to 0.01', nearestPhoto: 'about 1', msSsim: 'as photos' }[metric] ?? '';
}

/** At most four significant digits; `–` if not finite, empty if undefined. */
export function shortNumber(value: number | undefined): string {
  if (value === undefined) return '';
  if (!Number.isFinite(value)) return '–';
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential(1);
  return value
    .toPrecision(4)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

/** One line per metric, one column per checkpoint or model, and at the end the metrics of photos against other photos. */
export function metricsTable(columns: readonly { name: string; metrics: Metrics }[], photos: Metrics): string {
  const names = [...new Set(columns.flatMap(({ metrics }) => Object.keys(metrics)))];
  const table = [
    ['', ...columns.map(({ name }) => name), 'photos', 'better'],
    ...names.map((name) => [
      name,
      ...columns.map(({ metrics }) => shortNumber(metrics[name])),
      shortNumber(photos[name]),
      direction(name),
    ]),
  ];
  const last = table[0]!.length - 1;
  return alignedTable(table, (column) => column === 0 || column === last);
}
