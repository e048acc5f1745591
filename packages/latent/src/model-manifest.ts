/** @module model.json: what a model folder says about itself, and its validation. */

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

/** valibot takes a list for a record; here it never is one. */
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
  /** What a step along it changes, in words ("coat: light"), or null where nobody has named it. */
  name: v.nullable(text),
  /** Unit vector, [latentSize]. */
  vector: v.pipe(
    v.array(number, 'must be a list of numbers'),
    v.check((vector) => Math.abs(Math.hypot(...vector) - 1) < 1e-3, 'must have length 1 (within 0.001)'),
  ),
  /** Standard deviation of z along it, in units of z; a slider's natural range is a few of them either way. */
  deviation: distance,
});

const manifest = v.pipe(
  v.object(
    {
      /** Version of this format. */
      formatVersion: v.literal(1, 'must be 1'),
      /** The model's name, which is its folder's under models/. */
      name: v.pipe(
        v.string('must be text'),
        v.regex(/^[a-z0-9][a-z0-9._-]*$/, 'must be of a-z, 0-9, dot, dash and underscore'),
      ),
      /** Numbers in z. */
      latentSize: positive,
      /** Width and height of a picture, pixels. */
      size: positive,
      /** The ONNX file. */
      generator: v.object({
        /** Path relative to model.json. */
        file,
        /** SHA-256 of the file, lowercase hexadecimal; also the model's identity in ETags. */
        sha256,
        /** Size of the file, bytes. */
        bytes: positive,
        /** ONNX operator set. */
        opset: positive,
        /** Type the weights are stored in. */
        precision: v.picklist(['fp32', 'fp16', 'int8'], 'must be "fp32", "fp16" or "int8"'),
      }),
      /** The graph's input: float32 [N, latentSize]. */
      input: v.object({
        name: v.literal('z', 'must be "z"'),
        latentSize: positive,
        /** What z was drawn from in training: N(0, I). */
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
          /** Values of black and white. */
          range: v.strictTuple([v.literal(-1, 'must be -1'), v.literal(1, 'must be 1')], 'must be [-1, 1]'),
        }),
        /** uint8 [N, height, width, 4], RGBA. */
        pixels: v.object({ height: positive, width: positive }),
      }),
      /** Directions of largest variation in z (GANSpace, Härkönen 2020), the strongest first. */
      directions: v.array(direction, 'must be a list'),
      /** Where the weights come from. */
      training: v.object({
        /** Every option of the run, resolved. */
        config: record(v.unknown()),
        /** Real pictures seen, repetitions counted. */
        imagesSeen: count,
        dataset: v.object({
          name: text,
          /** Pictures in it. */
          count,
          /** Digest of the pictures and of how they were cropped and scaled. */
          fingerprint: text,
        }),
      }),
      /** Measured quality by name, nested at will, e.g. { "kid": { "mean": 0.03, "deviation": 0.002 } }. */
      metrics,
      /** How far the ONNX file is from the network it was made of, on the same z. */
      parity: v.object({
        /** How many z were compared. */
        latents: positive,
        /** Largest difference of `image`, in its units (2 is black to white). */
        maxAbsoluteError: distance,
        /** Mean difference of `image`, in its units. */
        meanAbsoluteError: distance,
        /** Peak signal-to-noise ratio of `image`, dB; null where the two are equal, which JSON could not say otherwise. */
        psnr: v.nullable(number),
        /** What ran the network it was compared with. */
        backend: text,
      }),
      /** A sheet of samples, path relative to model.json. */
      samples: v.optional(file),
      /** The same seeds in the course of training, the earliest first. */
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
      'must be "size" high and wide',
    ),
    ['outputs', 'image'],
  ),
  v.forward(
    v.check(
      ({ size, outputs: { pixels } }) => pixels.height === size && pixels.width === size,
      'must be "size" high and wide',
    ),
    ['outputs', 'pixels'],
  ),
  v.forward(
    v.check(
      ({ latentSize, directions }) => directions.every(({ vector }) => vector.length === latentSize),
      'must have vectors of "latentSize" numbers',
    ),
    ['directions'],
  ),
);

/** The contents of model.json. */
export type ModelManifest = v.InferOutput<typeof manifest>;

/** "generator.sha256 must be …" for one thing that is wrong. */
function describe(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue);
  const missing = field !== null && issue.received === 'undefined';
  return `${field === null ? 'its content' : `field "${field}"`} ${missing ? 'is missing' : `${issue.message}, but is ${issue.received}`}`;
}

/**
 * Checks the parsed contents of a model.json. Fields this version does not know are left out of the result.
 *
 * @param json what `JSON.parse` gave
 * @throws UserError naming the first field that is wrong and what is legal there
 */
export function parseModelManifest(json: unknown): ModelManifest {
  const result = v.safeParse(manifest, json, { abortEarly: true });
  if (result.success) return result.output;
  throw new UserError(`model.json is not legal: ${describe(result.issues[0])}. Export the model again: pnpm export.`);
}
