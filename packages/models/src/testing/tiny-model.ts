/** @module A model folder for tests: the smallest that the format allows. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;
const FLOAT = 1;
const UINT8 = 2;
const INT64 = 7;
export const LATENT = 3;
export const SIZE = 2;

const border = (name: string, elemType: number, dims: readonly number[]) => ({
  name,
  type: { tensorType: { elemType, shape: { dim: [{ dimParam: 'N' }, ...dims.map((dimValue) => ({ dimValue }))] } } },
});

/** Every pixel of `pixels` is |z| in tens, RGB, cut off at 255; A is 10·|z[0]| again. */
function tinyGenerator(): Uint8Array {
  const weights = Float32Array.from({ length: LATENT * SIZE * SIZE * 4 }, (_, i) => {
    const [input, channel] = [Math.floor(i / (SIZE * SIZE * 4)), i % 4];
    return channel % LATENT === input ? 10 : 0;
  });
  const shape = BigInt64Array.from([-1n, BigInt(SIZE), BigInt(SIZE), 4n]);
  const model = {
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'generator',
      initializer: [
        { name: 'weights', dims: [LATENT, SIZE * SIZE * 4], dataType: FLOAT, rawData: new Uint8Array(weights.buffer) },
        { name: 'shape', dims: [4], dataType: INT64, rawData: new Uint8Array(shape.buffer) },
      ],
      node: [
        { opType: 'MatMul', input: ['z', 'weights'], output: ['product'] },
        { opType: 'Abs', input: ['product'], output: ['positive'] },
        { opType: 'Reshape', input: ['positive', 'shape'], output: ['squares'] },
        {
          opType: 'Cast',
          input: ['squares'],
          output: ['pixels'],
          attribute: [{ name: 'to', type: onnx.AttributeProto.AttributeType.INT, i: UINT8 }],
        },
      ],
      input: [border('z', FLOAT, [LATENT])],
      output: [border('pixels', UINT8, [SIZE, SIZE, 4])],
    },
  };
  return onnx.ModelProto.encode(model as unknown as Parameters<typeof onnx.ModelProto.encode>[0]).finish();
}

/** Writes `models/name` and returns its folder. `exported` null: as an earlier version wrote it, without a time. */
export async function writeTinyModel(models: string, name: string, exported: string | null): Promise<string> {
  const generator = tinyGenerator();
  const folder = join(models, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'generator.onnx'), generator);
  const side = { height: SIZE, width: SIZE };
  const manifest = {
    formatVersion: 1,
    name,
    ...(exported === null ? {} : { exported }),
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
    outputs: { image: { ...side, range: [-1, 1] }, pixels: side },
    directions: [{ name: null, vector: [0.6, 0.8, 0], deviation: 1 }],
    training: { config: {}, imagesSeen: 0, dataset: { name: 'none', count: 0, fingerprint: 'none' } },
    metrics: {},
    parity: { latents: 1, maxAbsoluteError: 0, meanAbsoluteError: 0, psnr: null, backend: 'none' },
  };
  await writeFile(join(folder, 'model.json'), JSON.stringify(manifest));
  return folder;
}
