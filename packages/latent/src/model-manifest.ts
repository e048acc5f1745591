/** @module model.json: the description of a model folder, and its validation. */

import * as v from 'valibot';
import { UserError } from './user-error.ts';

const text = v.pipe(v.string('must be text'), v.minLength(1, 'must not be empty'));
const number = v.pipe(v.number('must be a number'), v.finite('must be finite'));
const count = v.pipe(number, v.integer('must be an integer'), v.minValue(0, 'must be at least 0'));
const positive = v.pipe(number, v.integer('must be an integer'), v.minValue(1, 'must be at least 1'));
const distance = v.pipe(number, v.minValue(0, 'must be at least 0'));
const sha256 = v.pipe(v.string('must be text'), v.regex(/^[0-9a-f]{64}$/, 'must be 64 lowercase hexadecimal digits'));
const file = v.pipe(
  v.string('must be text'),
  v.regex(/^\w[\w.-]*(\/\w[\w.-]*)*$/, 'must be a path inside the model folder, such as "generator.onnx"'),
);

/** ISO 8601 in UTC, so that text and time sort alike wherever it was written. */
const time = v.pipe(
  v.string('must be text'),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/, 'must be a time in UTC, such as "2026-01-31T12:00:00.000Z"'),
  v.check((text) => !Number.isNaN(Date.parse(text)), 'must be a time in UTC, such as "2026-01-31T12:00:00.000Z"'),
);

/** An object, but not an array, which valibot's record would accept. */
const record = <Schema extends v.GenericSchema>(values: Schema) =>
  v.pipe(
    v.custom<Record<string, unknown>>(
      (input) => typeof input === 'object' && input !== null && !Array.isArray(input),
      'must be an object',
    ),
    v.record(v.string(), values),
  );

type Metrics = { [name: string]: number | Metrics };
const metrics: v.GenericSchema<Metrics> = record(
  v.lazy(
    (input): v.GenericSchema<number | Metrics> => (typeof input === 'object' && input !== null ? metrics : number),
  ),
) as v.GenericSchema<Metrics>;

const direction = v.object({
  /** What lies at its two ends ("light coat … dark coat"), or null if nobody has named it. */
  name: v.nullable(text),
  /** Unit vector, [latentSize]. */
  vector: v.pipe(
    v.array(number, 'must be a list of numbers'),
    v.check((vector) => Math.abs(Math.hypot(...vector) - 1) < 1e-3, 'must have length 1 (within 0.001)'),
  ),
  /** Standard deviation of z along it, in units of z; a slider spans a few of them in each direction. */
  deviation: distance,
});

const manifest = v.pipe(
  v.object(
    {
      /** Version of this format. */
      formatVersion: v.literal(1, 'must be 1'),
      /** Name of the model and of its folder under models/. */
      name: v.pipe(
        v.string('must be text'),
        v.regex(/^[a-z0-9][a-z0-9._-]*$/, 'must consist of a-z, 0-9, dot, dash and underscore'),
      ),
      /** When the model was exported (ISO 8601, UTC), which decides what the newest model is. Absent in older models. */
      exported: v.optional(time),
      /** Length of z. */
      latentSize: positive,
      /** Width and height of a picture, pixels. */
      size: positive,
      /** The ONNX file. */
      generator: v.object({
        /** Path relative to model.json. */
        file,
        /** SHA-256 of the file, lowercase hexadecimal; also identifies the model in ETags. */
        sha256,
        /** Size of the file, bytes. */
        bytes: positive,
        /** ONNX operator set. */
        opset: positive,
        /** Storage type of the weights. */
        precision: v.picklist(['fp32', 'fp16', 'int8'], 'must be "fp32", "fp16" or "int8"'),
      }),
      /** The graph's input: float32 [N, latentSize]. */
      input: v.object({
        name: v.literal('z', 'must be "z"'),
        latentSize: positive,
        /** Distribution of z in training: N(0, I). */
        distribution: v.literal('normal', 'must be "normal"'),
      }),
      /** The graph's outputs. */
      outputs: v.object({
        /** float32 [N, 3, height, width], RGB. */
        image: v.object({
          /** Pixels. */
          height: positive,
          /** Pixels. */
          width: positive,
          /** Values of black and of white. */
          range: v.strictTuple([v.literal(-1, 'must be -1'), v.literal(1, 'must be 1')], 'must be [-1, 1]'),
        }),
        /** uint8 [N, height, width, 4], RGBA. */
        pixels: v.object({ height: positive, width: positive }),
      }),
      /** Directions of largest variation in z (GANSpace, Härkönen 2020), strongest first. */
      directions: v.array(direction, 'must be a list'),
      /** Origin of the weights. */
      training: v.object({
        /** Every option of the run, resolved. */
        config: record(v.unknown()),
        /** Real pictures seen, including repetitions. */
        imagesSeen: count,
        /** Images seen at the checkpoints whose mean the generator is. Absent if it is the generator of one. */
        meanOf: v.optional(v.array(count, 'must be a list')),
        dataset: v.object({
          name: text,
          /** Number of pictures. */
          count,
          /** Digest of the pictures and of their cropping and scaling. */
          fingerprint: text,
        }),
        /** The trained networks that the run started from. Absent if it started from random weights. */
        from: v.optional(
          v.object({
            /** Name of the model or of the run folder. */
            name: text,
            /** SHA-256 of the file that held their weights. */
            sha256,
            /** Real pictures they had seen. */
            imagesSeen: count,
          }),
        ),
        /**
         * Weights to train on with, `pnpm train --from`: a safetensors file of G, its moving average and D. Absent in older
         * models and if it was not exported.
         */
        weights: v.optional(
          v.object({
            /** Path relative to model.json. */
            file,
            sha256,
            /** Size of the file, bytes. */
            bytes: positive,
          }),
        ),
      }),
      /** Measured quality by name, nested to any depth, e.g. { "kid": { "mean": 0.03, "deviation": 0.002 } }. */
      metrics,
      /** Difference between the ONNX file and the network it was exported from, on the same z. */
      parity: v.object({
        /** Number of z compared. */
        latents: positive,
        /** Largest difference of `image`, in its units (black to white is 2). */
        maxAbsoluteError: distance,
        /** Mean difference of `image`, in its units. */
        meanAbsoluteError: distance,
        /** Peak signal-to-noise ratio of `image`, dB; null if they are equal, as JSON has no infinity. */
        psnr: v.nullable(number),
        /** Backend that ran the network it was compared with. */
        backend: text,
      }),
      /**
       * Seeds of dogs that a person found good, with which the gallery opens: first those of its walk, then the grid's first
       * rows. Absent if nobody chose any.
       */
      opening: v.optional(
        v.pipe(
          v.array(v.pipe(count, v.maxValue(0xffffffff, 'must be at most 4294967295')), 'must be a list of seeds'),
          v.minLength(3, 'must have at least 3 seeds'),
          v.maxLength(96, 'must have at most 96 seeds'),
          v.check((seeds) => new Set(seeds).size === seeds.length, 'must not name a seed twice'),
        ),
      ),
      /** A sheet of samples; path relative to model.json. */
      samples: v.optional(file),
      /** Sheets of the same seeds during training, earliest first. */
      timelapse: v.optional(v.array(v.object({ file, imagesSeen: count }), 'must be a list')),
    },
    'must be an object',
  ),
  v.forward(
    v.check(({ latentSize, input }) => input.latentSize === latentSize, 'must equal "latentSize"'),
    ['input', 'latentSize'],
  ),
  v.forward(
    v.check(
      ({ size, outputs: { image } }) => image.height === size && image.width === size,
      'must have "size" as height and width',
    ),
    ['outputs', 'image'],
  ),
  v.forward(
    v.check(
      ({ size, outputs: { pixels } }) => pixels.height === size && pixels.width === size,
      'must have "size" as height and width',
    ),
    ['outputs', 'pixels'],
  ),
  v.forward(
    v.check(
      ({ latentSize, directions }) => directions.every(({ vector }) => vector.length === latentSize),
      'must have vectors of length "latentSize"',
    ),
    ['directions'],
  ),
);

/** The contents of model.json. */
export type ModelManifest = v.InferOutput<typeof manifest>;

const LONGEST_SHOWN = 60;

/** What `json` holds at `path`, as JSON, cut where it is long. */
function shown(json: unknown, path: readonly unknown[]): string {
  const value = path.reduce((at, key) => (at as Record<string, unknown> | null | undefined)?.[key as string], json);
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

/** `field "generator.sha256" must be …, but is …` for one issue. */
function describe(issue: v.BaseIssue<unknown>, json: unknown): string {
  const field = v.getDotPath(issue);
  if (field !== null && issue.received === 'undefined') return `field "${field}" is missing`;
  const path = issue.path?.map(({ key }) => key) ?? [];
  return `${field === null ? 'its content' : `field "${field}"`} ${issue.message}, but is ${shown(json, path)}`;
}

/**
 * Validates the parsed contents of a model.json. Unknown fields are dropped.
 *
 * @param json result of `JSON.parse`
 * @param file path of the file, for messages
 * @throws UserError naming the file, the first invalid field and its legal values
 */
export function parseModelManifest(json: unknown, file = 'model.json'): ModelManifest {
  const result = v.safeParse(manifest, json, { abortEarly: true });
  if (result.success) return result.output;
  throw new UserError(`${file}: ${describe(result.issues[0], json)}; export the model again: pnpm export`);
}
