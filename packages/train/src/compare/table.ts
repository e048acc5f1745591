/** @module A comparison as a table, for a terminal or for Markdown. */
import { alignedTable, grouped } from '@latent-dogs/command-line';
import { shortNumber } from '../evaluate/table.ts';
import type { Comparison, Figure } from './comparison.ts';

/** A figure as text; `–` if not measured. */
export const showFigure = ({ value }: Figure): string => (value === null ? '–' : shortNumber(value));

/** A table for a terminal; `*` marks the best of a column. */
export function terminalTable(comparison: Comparison): string {
  const { pictures, common, at, columns, rows } = comparison;
  const table = [
    // Figures end in a mark or a space, so that digits are aligned.
    ['run', 'settings', 'images', ...columns.map((name) => `${name} `)],
    ...rows.map(({ run, label, imagesSeen, figures }) => [
      run.name,
      label,
      grouped(imagesSeen),
      ...figures.map((figure) => `${showFigure(figure)}${figure.best ? '*' : ' '}`),
    ]),
  ];
  return [
    `${pictures}${common.length > 0 ? `; in all runs: ${common.join(' ')}` : ''}`,
    `Metrics after ${grouped(at)} images; * is the best`,
    '',
    alignedTable(table, (column) => column < 2),
  ].join('\n');
}

/** A table for Markdown, with the best of a column in bold, followed by the command of each run. */
export function markdownTable(comparison: Comparison): string {
  const { pictures, common, at, columns, rows } = comparison;
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const figure = (one: Figure) => (one.best ? `**${showFigure(one)}**` : showFigure(one));
  return [
    `${escaped(pictures)}; metrics after ${grouped(at)} images, the best in bold.` +
      (common.length > 0 ? ` In all runs: \`${common.join(' ')}\`.` : ''),
    '',
    row(['settings', ...columns]),
    row(['---', ...columns.map(() => '--:')]),
    ...rows.map(({ label, figures }) => row([`\`${label}\``, ...figures.map(figure)])),
    '',
    '```sh',
    ...rows.map(({ command }) => command),
    '```',
  ].join('\n');
}

/** Escapes Markdown: names of datasets are user input. */
const escaped = (text: string) => text.replace(/[\\`*_|<>[\]]/g, '\\$&');
