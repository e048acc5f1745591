/** @module Query schemas of the picture routes, for validation and for the OpenAPI document. */

import type { ModelManifest } from '@latent-dogs/latent';
import * as v from 'valibot';
import { dials } from './dials.ts';
import { choice, dog, dogList, modelName, namedDogList, number } from './text-parameters.ts';

/** Limit of dogs in a grid, and of frames in an animation. */
const MOST = 64;
/** Limit of one PNG or WebP: an encoder holds several copies of its pixels, and a Worker has 128 MB of memory. */
const MOST_PIXELS = 1024 * 1024;
/** Limit of all frames of an animation together; they are encoded one at a time. */
const MOST_ANIMATED_PIXELS = 4 * MOST_PIXELS;

const DEFAULT_FRAMES = 24;
const DEFAULT_T = 0.5;

/** Of one picture; `auto` lets `Accept` choose (routes/answer-picture.ts). */
const STILL_FORMATS = ['png', 'webp', 'jpeg', 'avif', 'auto'] as const;
/** Of a whole path. */
const PATH_FORMATS = ['apng', 'webp', 'auto', 'strip'] as const;
const FORMAT = 'Format of the answer; auto is avif, webp, jpeg or png, as Accept says';

/** An optional parameter; `fallback` is text, as in a query. */
const withDefault = <const Schema extends v.GenericSchema<string, unknown>>(fallback: string, schema: Schema) =>
  v.optional(schema, fallback);

/** Digits of a SHA-256 that name a model in a URL. */
export const MODEL_DIGITS = 16;
/** Dogs of a mix, at the corners of a square. */
export const MOST_CORNERS = 4;
/** Largest truncation psi of a picture. */
export const MOST_TRUNCATION = 2;

/** @param manifest of one model; its size in pixels is the default for `size` */
export function pictureQueries({
  size,
  generator,
  directions,
}: Pick<ModelManifest, 'size' | 'generator' | 'directions'>) {
  const model = v.optional(
    modelName({
      description: 'The model; by its digest the answer may be cached for a year, as no other model ever answers',
      example: generator.sha256.slice(0, MODEL_DIGITS),
    }),
  );
  const look = {
    size: withDefault(
      String(size),
      number(64, 512, { whole: true, description: 'Width and height of a dog in pixels', example: 256 }),
    ),
    truncation: withDefault(
      '1',
      number(0, MOST_TRUNCATION, {
        whole: false,
        description: 'Scale of z; smaller is safer and less varied',
        example: 0.7,
      }),
    ),
    dials: v.optional(dials(directions)),
    filter: withDefault(
      'lanczos',
      choice(['lanczos', 'nearest'], { description: 'Resampling, smooth or pixel by pixel' }),
    ),
    download: withDefault(
      '0',
      choice(['0', '1'], { description: 'Whether browsers save the picture instead of showing it' }),
    ),
    model,
  };

  const generate = v.object({
    seed: v.optional(dog('The dog', 'luna')),
    ...look,
    format: withDefault('png', choice([...STILL_FORMATS, 'json'], { description: FORMAT })),
  });

  const generateJson = v.pipe(
    v.object({ seed: generate.entries.seed, ...look }),
    v.transform((query) => ({ ...query, format: 'json' as const })),
  );

  const ends = { from: dog('The first dog', 'luna'), to: dog('The last dog', 'rex') };
  const t = v.optional(
    number(0, 1, {
      whole: false,
      description: `Position between the two dogs, for a single picture; ${DEFAULT_T} if left out`,
      example: 0.25,
    }),
  );
  const interpolateJson = v.pipe(
    v.object({ ...ends, t, ...look }),
    v.transform(({ t, ...query }) => pointQuery(query, t, 'json')),
  );

  const interpolate = v.pipe(
    v.object({
      ...ends,
      t,
      frames: v.optional(
        number(2, MOST, {
          whole: true,
          description: `Number of pictures, for the whole path; ${DEFAULT_FRAMES} if left out with format=apng or strip`,
          example: 12,
        }),
      ),
      ...look,
      format: v.optional(
        choice([...STILL_FORMATS, 'json', 'apng', 'strip'], {
          description: `${FORMAT}; apng and strip show the whole path, and so do webp and auto with frames`,
        }),
      ),
    }),
    at('t', ({ t, frames, format }) =>
      t !== undefined && (frames !== undefined || format === 'apng' || format === 'strip')
        ? 't is for a single picture: omit it with frames, format=apng or format=strip, which give the whole path.'
        : null,
    ),
    at('format', ({ frames, format }) =>
      frames !== undefined && format !== undefined && !isPathFormat(format)
        ? `format=${format} is a single picture: with frames it must be apng, webp, auto or strip.`
        : null,
    ),
    v.transform(({ t, frames, format, ...query }) =>
      frames !== undefined || format === 'apng' || format === 'strip'
        ? pathQuery(query, frames, format as PathFormat | undefined)
        : pointQuery(query, t, format),
    ),
    at('size', (query) =>
      query.whole
        ? tooLarge(query.frames, query.size, query.format === 'strip' ? MOST_PIXELS : MOST_ANIMATED_PIXELS, 'frames')
        : null,
    ),
  );

  const corner = (description: string, example: number) =>
    withDefault('0.5', number(0, 1, { whole: false, description, example }));
  const mixture = {
    dogs: dogList(MOST_CORNERS, {
      description:
        'The dogs in the corners of a square: upper left, upper right, lower left, lower right; the last one takes the rest',
      example: 'anna,ben,cleo,dino',
    }),
    x: corner('The place in the square, from left to right', 0.2),
    y: corner('The place in the square, from top to bottom', 0.7),
    ...look,
  };
  const mix = v.object({ ...mixture, format: generate.entries.format });
  const mixJson = v.pipe(
    v.object(mixture),
    v.transform((query) => ({ ...query, format: 'json' as const })),
  );

  const grid = v.pipe(
    v.object({
      seeds: withDefault('0-35', dogList(MOST, { description: 'The dogs, row by row', example: '0-35' })),
      ...look,
      format: withDefault('png', choice(STILL_FORMATS, { description: FORMAT })),
    }),
    at('size', ({ seeds, size }) => tooLarge(gridColumns(seeds.length) ** 2, size, MOST_PIXELS, 'seeds')),
  );

  const gridJson = v.pipe(
    v.object({
      seeds: withDefault('0-35', namedDogList(MOST, { description: 'The dogs, row by row', example: '0-35' })),
      ...look,
    }),
    at('size', ({ seeds, size }) => tooLarge(gridColumns(seeds.length) ** 2, size, MOST_PIXELS, 'seeds')),
    v.transform((query) => ({ ...query, format: 'json' as const })),
  );
  const generateZip = v.pipe(
    v.object({
      seeds: namedDogList(MOST, { description: 'The dogs', example: '1-20' }),
      ...look,
      format: withDefault('png', choice(['png', 'webp', 'jpeg', 'avif'], { description: 'Format of the pictures' })),
    }),
    at('size', ({ seeds, size }) => tooLarge(seeds.length, size, MOST_ANIMATED_PIXELS, 'seeds')),
    v.transform((query) => ({ ...query, archive: 'zip' as const })),
  );

  return {
    generate,
    generateJson,
    generateZip,
    interpolate,
    interpolateJson,
    mix,
    mixJson,
    grid,
    gridJson,
    model: v.object({ model }),
  };
}

export type PictureQueries = ReturnType<typeof pictureQueries>;
export type GenerateQuery = v.InferOutput<PictureQueries['generate']>;
export type InterpolateQuery = v.InferOutput<PictureQueries['interpolate']>;
export type MixQuery = v.InferOutput<PictureQueries['mix']>;
export type ZipQuery = v.InferOutput<PictureQueries['generateZip']>;
export type PictureQuery = v.InferOutput<
  PictureQueries['generate' | 'generateZip' | 'interpolate' | 'mix' | 'grid' | 'gridJson']
>;

/** Grids are as square as possible. */
export const gridColumns = (dogs: number): number => Math.ceil(Math.sqrt(dogs));

type PathFormat = (typeof PATH_FORMATS)[number];
type PointFormat = (typeof STILL_FORMATS)[number] | 'json';
const isPathFormat = (format: PathFormat | PointFormat): format is PathFormat =>
  (PATH_FORMATS as readonly string[]).includes(format);

/** Queries for one point between two dogs, and for the whole path. */
const pointQuery = <Query>(query: Query, t = DEFAULT_T, format: PointFormat = 'png') => ({
  ...query,
  whole: false as const,
  t,
  format,
});
const pathQuery = <Query>(query: Query, frames = DEFAULT_FRAMES, format: PathFormat = 'apng') => ({
  ...query,
  whole: true as const,
  frames,
  format,
});

/** A rule over several parameters; a violation is reported as an error of `parameter`. */
function at<Query extends object>(parameter: string & keyof Query, check: (query: Query) => string | null) {
  return v.rawCheck<Query>(({ dataset, addIssue }) => {
    const message = dataset.typed ? check(dataset.value) : null;
    if (message === null) return;
    const value = (dataset.value as Query)[parameter];
    addIssue({
      message,
      path: [{ type: 'object', origin: 'value', input: dataset.value as never, key: parameter, value }],
    });
  });
}

function tooLarge(pictures: number, size: number, mostPixels: number, counted: string): string | null {
  if (pictures * size ** 2 <= mostPixels) return null;
  const largest = Math.floor(Math.sqrt(mostPixels / pictures));
  return `size=${size} exceeds ${mostPixels} pixels in all: with these ${counted} it must be from 64 to ${largest}.`;
}
