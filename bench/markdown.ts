/** @module Tables and numbers as Markdown. */
import type { Spread } from './statistics.ts';

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** `1.12 (1.05 to 1.20)`: median, least and most. */
export function withSpread({ median, least, most }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}

/** `–` for 0: not measured. */
export const gigabytes = (bytes: number) => (bytes === 0 ? '–' : `${(bytes / 1e9).toFixed(2)} GB`);
export const wholeMegabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
