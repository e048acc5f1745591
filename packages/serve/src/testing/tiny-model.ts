/** @module A model for tests: the exported ones' contract in 7 kB, and what its pictures must be, computed without ONNX. */

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chwToRgba, type ModelManifest, NormalStream, parseModelManifest } from '@latent-dogs/latent';
import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;
const { AttributeType } = onnx.AttributeProto;
const FLOAT = 1;
const UINT8 = 2;
const INT64 = 7;

const LATENT = 8;
const SIZE = 64;
/** The picture is made of squares this wide, one output of the matrix each. */
const SQUARE = 8;
const ACROSS = SIZE / SQUARE;
const OUTPUTS = 3 * ACROSS * ACROSS;

/** [latent, 3 * 8 * 8] */
const weights = new NormalStream(1).fill(new Float32Array(LATENT * OUTPUTS)).map((value) => value * 0.3);

/** What the model makes of z: tanh(z W) as 8 x 8 squares, uint8 [64, 64, 4]. */
export function tinyPicture(z: Float32Array): Uint8ClampedArray {
  const image = new Float32Array(3 * SIZE * SIZE);
  for (let i = 0; i < image.length; i++) {
    const channel = Math.floor(i / (SIZE * SIZE));
    const row = Math.floor(Math.floor((i % (SIZE * SIZE)) / SIZE) / SQUARE);
    const column = Math.floor((i % SIZE) / SQUARE);
    const output = (channel * ACROSS + row) * ACROSS + column;
    let sum = 0;
    for (let k = 0; k < LATENT; k++) sum += z[k]! * weights[k * OUTPUTS + output]!;
    image[i] = Math.tanh(sum);
  }
  return chwToRgba(image, SIZE, SIZE);
}

const bytesOf = (data: Float32Array | BigInt64Array) => new Uint8Array(data.buffer);
const float = (name: string, dims: number[], values: ArrayLike<number>) => ({
  name,
  dims,
  dataType: FLOAT,
  rawData: bytesOf(Float32Array.from(values)),
});
const integers = (name: string, values: number[]) => ({
  name,
  dims: [values.length],
  dataType: INT64,
  rawData: bytesOf(BigInt64Array.from(values, BigInt)),
});
const border = (name: string, elemType: number, dims: number[]) => ({
  name,
  type: {
    tensorType: { elemType, shape: { dim: [{ dimParam: 'N' }, ...dims.map((dimValue) => ({ dimValue }))] } },
  },
});

/** The ONNX file. */
export function tinyGenerator(): Uint8Array {
  const node = (opType: string, input: string[], output: string, attribute: object[] = []) => ({
    opType,
    input,
    output: [output],
    attribute,
  });
  const model = {
    irVersion: 8,
    producerName: 'latent-dogs',
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'generator',
      initializer: [
        float('weights', [LATENT, OUTPUTS], weights),
        integers('squares', [-1, 3, ACROSS, ACROSS]),
        float('scales', [4], [1, 1, SQUARE, SQUARE]),
        float('one', [], [1]),
        float('half', [], [0.5]),
        float('gain', [], [127.5]),
        float('black', [], [0]),
        float('white', [], [255]),
        integers('alpha', [0, 0, 0, 0, 0, 0, 0, 1]),
      ],
      node: [
        node('MatMul', ['z', 'weights'], 'sums'),
        node('Tanh', ['sums'], 'values'),
        node('Reshape', ['values', 'squares'], 'small'),
        node('Resize', ['small', '', 'scales'], 'image', [
          { name: 'mode', type: AttributeType.STRING, s: new TextEncoder().encode('nearest') },
          {
            name: 'coordinate_transformation_mode',
            type: AttributeType.STRING,
            s: new TextEncoder().encode('asymmetric'),
          },
          { name: 'nearest_mode', type: AttributeType.STRING, s: new TextEncoder().encode('floor') },
        ]),
        node('Add', ['image', 'one'], 'shifted'),
        node('Mul', ['shifted', 'gain'], 'scaled'),
        node('Add', ['scaled', 'half'], 'rounded'),
        node('Clip', ['rounded', 'black', 'white'], 'clipped'),
        node('Floor', ['clipped'], 'whole'),
        node('Transpose', ['whole'], 'rgb', [{ name: 'perm', type: AttributeType.INTS, ints: [0, 2, 3, 1] }]),
        node('Pad', ['rgb', 'alpha', 'white'], 'rgba'),
        node('Cast', ['rgba'], 'pixels', [{ name: 'to', type: AttributeType.INT, i: UINT8 }]),
      ],
      input: [border('z', FLOAT, [LATENT])],
      output: [border('image', FLOAT, [3, SIZE, SIZE]), border('pixels', UINT8, [SIZE, SIZE, 4])],
    },
  };
  return onnx.ModelProto.encode(model as unknown as Parameters<typeof onnx.ModelProto.encode>[0]).finish();
}

/** Its model.json. */
export function tinyManifest(generator: Uint8Array): ModelManifest {
  return parseModelManifest({
    formatVersion: 1,
    name: 'tiny',
    latentSize: LATENT,
    size: SIZE,
    generator: {
      file: 'generator.onnx',
      sha256: createHash('sha256').update(generator).digest('hex'),
      bytes: generator.length,
      opset: 17,
      precision: 'fp32',
    },
    input: { name: 'z', latentSize: LATENT, distribution: 'normal' },
    outputs: {
      image: { height: SIZE, width: SIZE, range: [-1, 1] },
      pixels: { height: SIZE, width: SIZE },
    },
    directions: [],
    training: { config: {}, imagesSeen: 0, dataset: { name: 'none', count: 0, fingerprint: 'none' } },
    metrics: {},
    parity: { latents: 1, maxAbsoluteError: 0, meanAbsoluteError: 0, psnr: null, backend: 'none' },
  });
}

/** Writes the model's folder. */
export function writeTinyModel(folder: string): void {
  const generator = tinyGenerator();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'generator.onnx'), generator);
  writeFileSync(join(folder, 'model.json'), JSON.stringify(tinyManifest(generator)));
}
