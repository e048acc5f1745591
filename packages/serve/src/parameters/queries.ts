/** @module What each picture route may be asked for: the schemas that validate, and that the OpenAPI document is made of. */

import * as v from 'valibot';
import { choice, number, seed, seedList } from './text-parameters.ts';

/** Most dogs on a sheet, and most frames of an animation. */
const MOST = 64;
/** Of one PNG or WebP: an encoder holds a few copies of its pixels, and a Worker has 128 MB for everything. */
const MOST_PIXELS = 1024 * 1024;
/** Of all frames of an animation together, which are encoded one at a time. */
const MOST_ANIMATED_PIXELS = 4 * MOST_PIXELS;

const FRAMES_UNSAID = 24;

/** A parameter left out means `unsaid`, given as text like those that come. */
const unless = <const Schema extends v.GenericSchema<string, unknown>>(unsaid: string, schema: Schema) =>
  v.optional(schema, unsaid);

/** @param size pixels of the model's own pictures, which are also the size of an answer that asks for none */
export function pictureQueries(size: number) {
  const look = {
    size: unless(
      String(size),
      number(64, 512, { whole: true, description: 'Width and height of a dog in pixels', example: 256 }),
    ),
    truncation: unless(
      '1',
      number(0, 1.5, { whole: false, description: 'Scale of z, smaller for safer and less varied dogs', example: 0.7 }),
    ),
    filter: unless(
      'lanczos',
      choice(['lanczos', 'nearest'], { description: 'How a dog is brought to its size, smooth or pixel by pixel' }),
    ),
  };

  const generate = v.object({
    seed: v.optional(seed('The dog', 'luna')),
    ...look,
    format: unless('png', choice(['png', 'webp', 'json'], { description: 'What the answer is' })),
  });

  const interpolate = v.pipe(
    v.object({
      from: seed('The dog at the beginning', 'luna'),
      to: seed('The dog at the end', 'rex'),
      t: v.optional(number(0, 1, { whole: false, description: 'How far to go, for a single picture', example: 0.5 })),
      frames: v.optional(
        number(2, MOST, { whole: true, description: 'How many pictures, for the whole way', example: 24 }),
      ),
      ...look,
      format: v.optional(
        choice(['png', 'webp', 'json', 'apng', 'strip'], {
          description: 'What the answer is: for a single picture png, webp or json, for the whole way apng or strip',
        }),
      ),
    }),
    at('t', ({ t, frames, format }) =>
      t !== undefined && (frames !== undefined || (format !== undefined && isWay(format)))
        ? 't is for a single picture: leave it out where the whole way is asked for (frames, format=apng or strip).'
        : null,
    ),
    at('format', ({ frames, format }) =>
      frames !== undefined && format !== undefined && !isWay(format)
        ? `format=${format} is a single picture: with frames it is apng or strip.`
        : null,
    ),
    v.transform(({ t, frames, format, ...query }) =>
      format === undefined
        ? frames === undefined
          ? still(query, t)
          : way(query, frames)
        : isWay(format)
          ? way(query, frames, format)
          : still(query, t, format),
    ),
    at('size', (query) =>
      query.whole
        ? tooLarge(query.frames, query.size, query.format === 'apng' ? MOST_ANIMATED_PIXELS : MOST_PIXELS, 'frames')
        : null,
    ),
  );

  const grid = v.pipe(
    v.object({
      seeds: unless('0-35', seedList(MOST, { description: 'The dogs, row by row', example: '0-35' })),
      ...look,
      format: unless('png', choice(['png', 'webp'], { description: 'What the answer is' })),
    }),
    at('size', ({ seeds, size }) => tooLarge(gridColumns(seeds.length) ** 2, size, MOST_PIXELS, 'seeds')),
  );

  return { generate, interpolate, grid };
}

export type PictureQueries = ReturnType<typeof pictureQueries>;
export type InterpolateQuery = v.InferOutput<PictureQueries['interpolate']>;
export type PictureQuery = v.InferOutput<PictureQueries[keyof PictureQueries]>;

/** Sheets are as near to square as they can be. */
export const gridColumns = (dogs: number): number => Math.ceil(Math.sqrt(dogs));

type Way = 'apng' | 'strip';
type Still = 'png' | 'webp' | 'json';
const isWay = (format: Way | Still): format is Way => format === 'apng' || format === 'strip';

/** Between two dogs: one picture, or all of the way. */
const still = <Query>(query: Query, t = 0.5, format: Still = 'png') => ({ ...query, whole: false as const, t, format });
const way = <Query>(query: Query, frames = FRAMES_UNSAID, format: Way = 'apng') => ({
  ...query,
  whole: true as const,
  frames,
  format,
});

/** A rule over several parameters whose breach is told as an error of one. */
function at<Query extends object>(parameter: string & keyof Query, wrong: (query: Query) => string | null) {
  return v.rawCheck<Query>(({ dataset, addIssue }) => {
    const message = dataset.typed ? wrong(dataset.value) : null;
    if (message === null) return;
    const value = (dataset.value as Query)[parameter];
    addIssue({
      message,
      path: [{ type: 'object', origin: 'value', input: dataset.value as never, key: parameter, value }],
    });
  });
}

function tooLarge(pictures: number, size: number, mostPixels: number, lever: string): string | null {
  if (pictures * size ** 2 <= mostPixels) return null;
  const largest = Math.floor(Math.sqrt(mostPixels / pictures));
  return `size=${size} makes this answer more than ${mostPixels} pixels: with these ${lever} it is from 64 to ${largest}.`;
}
