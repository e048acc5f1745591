/** @module Numbers as text: how the commands print them, and how people write them. */

/** `1,234,567`, whatever the locale. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

/** At most `digits` significant digits, by default three: `0.0123`, `1.5`; `–` for null. */
export function short(value: number | null, digits = 3): string {
  return value === null ? '–' : String(Number(value.toPrecision(digits)));
}

/** Seconds as `m:ss` or `h:mm:ss`; `-:--` if not finite. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-:--';
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/** Bytes in MB of 1,000,000, with two decimals: `1.62 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

const UNITS = [
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
] as const;

/** Bytes with about two digits: `900 bytes`, `1.6 MB`, `140 MB`, `32 GB`. */
export function bytesText(value: number): string {
  const [unit, size] = UNITS.find(([, least]) => value >= least) ?? ['bytes', 1];
  const scaled = value / size;
  return `${scaled < 10 && size > 1 ? scaled.toFixed(1) : grouped(Math.round(scaled))} ${unit}`;
}

/** A number as people write it in a program: `12`, `-0.5`, `2e-4`; NaN for other text. */
export function parseDecimal(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

/**
 * A number of things as people write it: `20000`, `20,000`, `20_000`, `2e4`, `20k`, `1.5M`; NaN for other text. The
 * result may be a fraction (`1.5`), which the caller judges.
 */
export function parseCount(text: string): number {
  if (/^[1-9]\d{0,2}([,_]\d{3})+$/.test(text)) return Number(text.replace(/[,_]/g, ''));
  const [, digits, unit] = text.match(/^(\d+(?:\.\d+)?(?:e\d+)?)([kM]?)$/i) ?? [];
  const exact = Number(digits) * ({ k: 1e3, m: 1e6 }[unit?.toLowerCase() ?? ''] ?? 1);
  // Floating point alone makes 1,100,000.0000000002 of 1.1M.
  const rounded = Math.round(exact);
  return Math.abs(exact - rounded) < 1e-6 ? rounded : exact;
}
