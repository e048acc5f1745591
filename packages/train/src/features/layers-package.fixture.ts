/** A small package like nsfwjs: a network with quantised weights, as minified modules. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UniformStream } from '@latent-dogs/latent';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type { ModelName } from './layers-package.ts';

/**
 * Writes the package of one network into `folder`: 16x16 pictures, a frozen beginning of 11 layers that ends with `joined`,
 * a branch after it of which one layer is frozen as well, and a dense layer `classes`.
 *
 * @returns the network, with the weights as they are after quantisation.
 */
export async function writeLayersPackage(folder: string, name: ModelName): Promise<tfl.LayersModel> {
  await tf.setBackend('cpu');
  const model = network();
  const random = new UniformStream(5);
  const shards: Uint8Array[] = [];
  const weights = model.weights.map((variable) => {
    // Variances are positive.
    const least = variable.originalName.endsWith('variance') ? 0.3 : -0.7;
    const values = Float32Array.from(
      { length: tf.util.sizeFromShape(variable.shape as number[]) },
      () => least + random.next(),
    );
    const [min, max] = [Math.min(...values), Math.max(...values)];
    const scale = max > min ? (max - min) / 255 : 1;
    const bytes = Uint8Array.from(values, (value) => Math.round((value - min) / scale));
    shards.push(bytes);
    const shape = variable.shape as number[];
    variable.write(
      tf.tensor(
        Float32Array.from(bytes, (byte) => byte * scale + min),
        shape,
      ),
    );
    return { name: variable.originalName, shape, dtype: 'float32', quantization: { min, scale, dtype: 'uint8' } };
  });
  const { config } = model.toJSON(null, false) as { config: unknown };
  const data = Buffer.concat(shards);
  // A shard may end within a weight.
  const parts = [data.subarray(0, 101), data.subarray(101)];
  const paths = parts.map((_, i) => `group1-shard${i + 1}of2`);
  const model_config = { class_name: 'Model', config };
  const exported = { modelTopology: { keras_version: '2.2.4', model_config }, weightsManifest: [{ paths, weights }] };
  const target = join(folder, 'dist', 'models', name);
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'model.min.js'), minified(exported));
  for (const [i, path] of paths.entries())
    await writeFile(join(target, `${path}.min.js`), minified(parts[i]!.toString('base64')));
  return model;
}

function network(): tfl.LayersModel {
  const input = tfl.input({ shape: [16, 16, 3], name: 'pictures' });
  const frozen = { trainable: false };
  const apply = (layer: tfl.layers.Layer, x: tfl.SymbolicTensor) => layer.apply(x) as tfl.SymbolicTensor;
  const relu6 = (name: string) => tfl.layers.reLU({ maxValue: 6, name, ...frozen });
  const norm = (name: string, scale = true) => tfl.layers.batchNormalization({ name, scale, ...frozen });
  let x = apply(
    tfl.layers.zeroPadding2d({
      padding: [
        [0, 1],
        [0, 1],
      ],
      name: 'pad',
      ...frozen,
    }),
    input,
  );
  x = apply(tfl.layers.conv2d({ filters: 6, kernelSize: 3, strides: 2, useBias: false, name: 'conv', ...frozen }), x);
  x = apply(relu6('conv_relu'), apply(norm('conv_norm'), x));
  x = apply(
    tfl.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', useBias: false, name: 'depthwise', ...frozen }),
    x,
  );
  x = apply(norm('depthwise_norm', false), x);
  x = apply(relu6('depthwise_relu'), x);
  const pooled = apply(
    tfl.layers.averagePooling2d({ poolSize: 3, strides: 1, padding: 'same', name: 'average', ...frozen }),
    x,
  );
  const largest = apply(
    tfl.layers.maxPooling2d({ poolSize: 3, strides: 1, padding: 'same', name: 'max', ...frozen }),
    x,
  );
  const joined = tfl.layers.concatenate({ name: 'joined', ...frozen }).apply([pooled, largest]) as tfl.SymbolicTensor;
  const branch = apply(tfl.layers.conv2d({ filters: 12, kernelSize: 1, name: 'branch', ...frozen }), joined);
  const sum = tfl.layers.add({ name: 'sum' }).apply([joined, branch]) as tfl.SymbolicTensor;
  const classes = apply(
    tfl.layers.dense({ units: 5, name: 'classes' }),
    apply(tfl.layers.flatten({ name: 'flat' }), sum),
  );
  return tfl.model({ inputs: input, outputs: classes });
}

/** As browserify and terser write a module that exports a value. */
function minified(value: unknown): string {
  const literal = JSON.stringify(value)
    .replace(/"([A-Za-z_]\w*)":/g, '$1:')
    .replace(/:true/g, ':!0')
    .replace(/:false/g, ':!1')
    .replace(/([:,[]-?)0\.(?=\d)/g, '$1.');
  return (
    '!function(e){"object"==typeof exports&&"undefined"!=typeof module?module.exports=e():window.model=e()}(function(){return ' +
    `function e(a,n,i){return n}({1:[function(e,a,n){a.exports=${literal}},{}]},{},[1])(1)});`
  );
}
