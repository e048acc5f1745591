/** @module A LayersModel, cut at a layer, as a network of features. */
import { UserError } from '@latent-dogs/latent';
import { type Graph, NCHW, traceDynamic } from '@latent-dogs/tfjs-onnx';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';
import { layersUpTo } from './feature-layer.ts';
import type { LayerConfig, LayersFile } from './layers-package.ts';

/** H = W of the pictures that the network was trained on. */
export function ownSize(layers: readonly LayerConfig[]): number {
  return layers[0]!.config.batch_input_shape![1]!;
}

/** The layers up to `layer` as a LayersModel on the cpu backend, from pictures [N, size, size, 3]. @throws UserError naming --layer. */
export async function cutModel(file: LayersFile, layer: string, size: number): Promise<LayersModel> {
  tf.enableProdMode(); // Else the cpu backend advertises others.
  await tf.setBackend('cpu');
  const [input, ...others] = layersUpTo(file.layers, layer);
  const first = { ...input!, config: { ...input!.config, batch_input_shape: [null, size, size, 3] } };
  const config = {
    name: 'features',
    layers: [first, ...others],
    input_layers: [[first.name, 0, 0]],
    output_layers: [[layer, 0, 0]],
  };
  const modelTopology = {
    keras_version: '2.2.4',
    backend: 'tensorflow',
    model_config: { class_name: 'Model', config },
  };
  return loadLayersModel(
    tf.io.fromMemory({ modelTopology, ...weightsOf(file, new Set(others.map(({ name }) => name))) }),
  );
}

/** The weights of the layers `names`. */
function weightsOf({ weightSpecs, weightData }: LayersFile, names: ReadonlySet<string>) {
  const kept: Uint8Array[] = [];
  const specs: tf.io.WeightsManifestEntry[] = [];
  let at = 0;
  for (const spec of weightSpecs) {
    const length = tf.util.sizeFromShape(spec.shape) * (spec.quantization ? STORED_BYTES[spec.quantization.dtype] : 4);
    if (names.has(spec.name.slice(0, spec.name.lastIndexOf('/')))) {
      specs.push(spec);
      kept.push(weightData.subarray(at, at + length));
    }
    at += length;
  }
  return { weightSpecs: specs, weightData: new Uint8Array(Buffer.concat(kept)).buffer };
}

const STORED_BYTES = { uint8: 1, uint16: 2, float16: 2 };

/**
 * The graph of a network of features: `pictures` [N, 3, H, W], with values from -1 to 1, to `features` [N, D]. A feature
 * map is averaged over H and W.
 *
 * The model itself takes values from 0 to 1, as all of nsfwjs: the means and variances of its batch norms are those of such
 * pictures, also in frozen layers. The filters of ImageNet were trained on -1 to 1, but batch norm undoes the difference.
 *
 * @throws UserError if the model's result is neither a vector nor a feature map.
 */
export function featureGraph(model: LayersModel): Graph {
  const [, H, W] = model.inputs[0]!.shape;
  const { rank } = model.outputs[0]!;
  if (rank !== 2 && rank !== 4) throw new UserError(`--layer: it gives tensors of rank ${rank}; legal: rank 2 or 4`);
  return traceDynamic(
    ({ pictures }) => {
      const result = model.apply(tf.div(tf.add(pictures!, 1), 2)) as tf.Tensor;
      return { features: rank === 4 ? tf.mean(result, [1, 2]) : result };
    },
    (N) => ({ pictures: { shape: [N, H!, W!, 3], order: NCHW } }),
  );
}
