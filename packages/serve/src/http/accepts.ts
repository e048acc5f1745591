/** @module The `Accept` header (RFC 9110, section 12.5.1). */

import { Problem } from './problem.ts';

/**
 * The URL alone determines the format, so that each URL has one answer; `Accept` can only reject it. Parameters other than
 * q are ignored, and so is what cannot be read: an answer that a client did not ask for helps it more than an error.
 *
 * @param accept the request's header, if it has one
 * @param mediaTypes of this URL: the one that is sent, then others that it is as well
 * @throws Problem (406) naming the media type of this URL
 */
export function requireAcceptable(accept: string | undefined, mediaTypes: readonly string[], advice = ''): void {
  const ranges = mediaRanges(accept ?? '');
  if (ranges.size === 0 || mediaTypes.some((mediaType) => quality(ranges, mediaType) > 0)) return;
  throw new Problem(
    'not-acceptable',
    `The media type of this URL is ${mediaTypes[0]}, which "Accept" excludes.${advice}`,
  );
}

/**
 * The format for a client that lets the server choose: of those that `Accept` names, the one with the highest q, then the
 * first. `image/*` and `*\/*` say nothing about what a client can read.
 *
 * @param mediaTypes of each format; the best is first
 * @param usual the format if `Accept` names none
 */
export function negotiate<Format extends string>(
  accept: string | undefined,
  mediaTypes: Readonly<Record<Format, readonly string[]>>,
  usual: Format,
): Format {
  const ranges = mediaRanges(accept ?? '');
  const named = (Object.entries(mediaTypes) as [Format, readonly string[]][])
    .map(([format, types]) => ({ format, q: Math.max(...types.map((type) => ranges.get(type) ?? 0)) }))
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q);
  return named[0]?.format ?? usual;
}

/** Range such as `image/*` -> q. */
function mediaRanges(accept: string): Map<string, number> {
  const ranges = new Map<string, number>();
  for (const entry of accept.toLowerCase().split(',')) {
    const [range, ...parameters] = entry.split(';').map((part) => part.trim());
    if (!/^[^\s/]+\/[^\s/]+$/.test(range!)) continue;
    const q = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2));
    ranges.set(range!, Number.isNaN(q) ? 1 : q);
  }
  return ranges;
}

/** The most specific range decides. */
function quality(ranges: ReadonlyMap<string, number>, mediaType: string): number {
  return ranges.get(mediaType) ?? ranges.get(mediaType.replace(/\/.*/, '/*')) ?? ranges.get('*/*') ?? 0;
}
