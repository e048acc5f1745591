/** @module The name of a run folder: number, dataset, size, and the differences from the preset. */
import { basename } from 'node:path';
import { type Config, changedFromPreset, optionName, settingNames } from '@latent-dogs/dcgan';

const longest = 100;

/** Names leave out the compute device and how often things are written: they don't change the experiment. */
const inNames = new Set(settingNames(({ role }) => role === 'recipe' || role === 'length'));

/** For example `00007-photos-64-paper-channels32-lr-g1e-3`, legal on every file system. */
export function runName(number: number, config: Config, dataset: string): string {
  const preset = config.preset === 'dogs' ? [] : [config.preset];
  const differences = changedFromPreset(config)
    .filter((key) => inNames.has(key))
    .map((key) => difference(key, config[key]));
  const head = [String(number).padStart(5, '0'), slug(dataset) || 'photos', String(config.size), ...preset].join('-');
  return shorten(head, differences);
}

/** The number in the name of a run folder; null for other names. */
export function runNumber(name: string): number | null {
  const digits = name.match(/^(\d{5,9})-/)?.[1];
  return digits === undefined ? null : Number(digits);
}

function difference(key: keyof Config, value: Config[keyof Config]): string {
  const word = optionName(key);
  if (value === false) return `no-${word}`;
  if (value === true) return word;
  if (Array.isArray(value)) return value.length === 0 ? `no-${word}` : [word, ...value].join('-');
  if (typeof value === 'number') return word + compactNumber(value);
  // Of a path, the last part.
  return `${word}-${slug(basename(String(value ?? 'none')))}`;
}

/** 200000 -> 200k, 0.0002 -> 2e-4. */
function compactNumber(value: number): string {
  if (value >= 1e6 && value % 1e5 === 0) return `${value / 1e6}M`;
  if (value >= 1e3 && value % 100 === 0) return `${value / 1e3}k`;
  return value > 0 && value < 1e-2 ? value.toExponential() : String(value);
}

function slug(text: string): string {
  const safe = text.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}._]+/gu, '-');
  const short = [...safe].slice(0, 32).join('');
  return short.replace(/^[-.]+|[-.]+$/g, '');
}

function shorten(head: string, differences: readonly string[]): string {
  let name = head;
  for (const [i, part] of differences.entries()) {
    if (name.length + 1 + part.length > longest) return `${name}-and-${differences.length - i}-more`;
    name += `-${part}`;
  }
  return name;
}
