/** @module What a measurement depends on: the command, the date, the machine, its load, and versions. */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { type BenchOptions, DEFAULT_ROUNDS, type Part } from './options.ts';

/**
 * Load average below which nothing else of note runs. Above it, a program whose threads wait for each other loses more than one
 * with a single thread, so ratios suffer, too.
 */
const IDLE = 0.5;

/**
 * Markdown.
 *
 * @param load average over one minute when the command began
 * @param versions of what took part besides Node and ONNX Runtime, such as `PyTorch 2.13.0`
 */
export function describeConditions(command: string, load: number, versions: readonly string[]): string {
  const busy = load > IDLE ? ' (other programs were running: speeds are too low, and ratios rough)' : '';
  const all = [`Node ${process.versions.node}`, `ONNX Runtime ${versionOf('onnxruntime-node')}`, ...versions];
  return `Written by \`${command}\` on ${new Date().toISOString().slice(0, 10)}, on ${availableParallelism()} cores of ${cpus()[0]!.model.trim()} with
${Math.round(totalmem() / 2 ** 30)} GB of memory. Load average when it began: ${load.toFixed(1)}${busy}. ${all.join(', ')}.`;
}

/** The command that measures this part alone. Paths of this machine mean nothing on another one: PATH stands for them. */
export function commandOf(part: Part, { write, full, rounds, python, against, model }: BenchOptions): string {
  const flags = [
    write && '--write',
    full && '--full',
    rounds !== DEFAULT_ROUNDS && `--rounds ${rounds}`,
    python !== null && '--python PATH',
    part === 'train' && against !== null && '--against PATH',
    part === 'serve' && model !== null && '--model PATH',
  ].filter((flag) => flag !== false);
  return ['pnpm bench', part, ...flags].join(' ');
}

function versionOf(name: string): string {
  const file = findPackageJSON(name, import.meta.url)!;
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
