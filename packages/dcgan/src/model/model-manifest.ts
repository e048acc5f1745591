/** @module The contents of a model's model.json. */
import { type ModelManifest, parseModelManifest } from '@latent-dogs/latent';
import { OPSET, type WeightPrecision } from '@latent-dogs/tfjs-onnx';
import type { Config } from '../settings/settings.ts';
import type { RunRecord } from '../training/run-record.ts';
import { principalDirections } from './directions.ts';
import type { FoldedGenerator } from './fold-generator.ts';
import type { Parity } from './parity.ts';

const DIRECTIONS = 10;

/** What model.json says about a file. */
export interface DescribedFile {
  file: string;
  /** Lowercase hexadecimal. */
  sha256: string;
  bytes: number;
}

interface Exported {
  name: string;
  record: Pick<RunRecord, 'dataset' | 'from'>;
  /** The run's settings as they are published: without private paths. */
  config: Config;
  imagesSeen: number;
  /** Images seen at the checkpoints whose mean the generator is; null: it is that of one. */
  meanOf?: readonly number[] | null;
  generator: FoldedGenerator;
  file: DescribedFile & { precision: WeightPrecision };
  /** training.safetensors; null: not exported. */
  weights: DescribedFile | null;
  metrics: ModelManifest['metrics'];
  parity: Parity;
  timelapse: NonNullable<ModelManifest['timelapse']>;
  /** Names of the directions, strongest first; none by default. */
  names?: readonly (string | null)[];
}

/** model.json of a generator exported now, with `samples.png` beside it. */
export function describeModel(model: Exported): ModelManifest {
  const { name, record, config, imagesSeen, meanOf, generator, file } = model;
  const { weights, metrics, parity, timelapse, names } = model;
  return parseModelManifest({
    formatVersion: 1,
    name,
    exported: new Date().toISOString(),
    latentSize: config.latent,
    size: config.size,
    generator: { file: file.file, sha256: file.sha256, bytes: file.bytes, opset: OPSET, precision: file.precision },
    input: { name: 'z', latentSize: config.latent, distribution: 'normal' },
    outputs: {
      image: { height: config.size, width: config.size, range: [-1, 1] },
      pixels: { height: config.size, width: config.size },
    },
    // z is N(0, I): its standard deviation along any unit vector is 1.
    directions: principalDirections(generator, DIRECTIONS).map(({ vector }, i) => ({
      name: names?.[i] ?? null,
      vector: vector.map((value) => Number(value.toFixed(7))),
      deviation: 1,
    })),
    training: {
      config,
      imagesSeen,
      ...(meanOf ? { meanOf } : {}),
      dataset: record.dataset,
      ...(record.from ? { from: record.from } : {}),
      ...(weights ? { weights } : {}),
    },
    metrics,
    parity,
    samples: 'samples.png',
    timelapse,
  });
}
