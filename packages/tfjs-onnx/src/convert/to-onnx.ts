/** @module Models of TensorFlow.js as ONNX files. */
import type { Graph } from '../graph/graph.ts';
import { encodeOnnx, type OnnxOptions } from '../onnx-model.ts';
import { mergeBiases } from '../rewrite/merge-biases.ts';
import { storeWeights, type WeightPrecision } from '../rewrite/store-weights.ts';
import { FrozenVariables, type TraceOptions, traceWith } from '../trace.ts';
import { traceSizes } from '../trace-dynamic.ts';
import { type InputSpec, modelSource, type TracedFunction } from './model-source.ts';
import type { GraphModel, LayersModel } from './models.ts';

/** How a model becomes a file. */
export interface ConvertOptions
  extends Pick<OnnxOptions, 'name' | 'description' | 'metadata'>,
    Pick<TraceOptions, 'convolution' | 'outputOrders'> {
  /**
   * Shapes and types of inputs, by name: of all inputs of a function, and of those inputs of a model whose own are too free.
   * A string names an axis of any size.
   */
  readonly inputs?: Readonly<Record<string, InputSpec>>;
  /** How weights are stored; what is computed is float32. `fp32` if absent. */
  readonly weights?: WeightPrecision;
}

/**
 * Converts a model, or a function of tensors by name, into an ONNX file (opset 17).
 *
 * Names, shapes and element types come from the model. Axes that the model leaves open stay free: `N` for the batch, `height`, `width`
 * and `length` for others. The model runs once or a few times on symbolic tensors, in inference mode; kernels that depend on constants
 * alone are computed at once, batch norms with fixed statistics and biases go into the convolutions before them.
 *
 * @returns the bytes of the file.
 * @throws TraceError naming the kernel and the line that has no ONNX form, the operator that an open axis changes, or the input that
 * does not exist.
 * @example
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
 * writeFileSync('model.onnx', toOnnx(model));
 * @example
 * writeFileSync('norm.onnx', toOnnx(({ x }) => ({ y: tf.norm(x) }), { inputs: { x: { shape: ['N', 3] } } }));
 */
export function toOnnx(source: LayersModel | GraphModel | TracedFunction, options: ConvertOptions = {}): Uint8Array {
  const { name = 'model', description, metadata, weights = 'fp32' } = options;
  const graph = storeWeights(mergeBiases(toGraph(source, options)), weights);
  return encodeOnnx(graph, { name, description, metadata, valueShapes: true });
}

function toGraph(source: LayersModel | GraphModel | TracedFunction, options: ConvertOptions): Graph {
  const { inputs, run, names } = modelSource(source, options.inputs);
  const specs = Object.entries(inputs);
  const axes = [...new Set(specs.flatMap(([, { shape }]) => shape.filter((size) => typeof size === 'string')))];
  const { convolution, outputOrders } = options;
  const traceOnce = (...sizes: number[]): Graph => {
    const fixed = specs.map(([name, spec]) => {
      const shape = spec.shape.map((size) => (typeof size === 'string' ? sizes[axes.indexOf(size)]! : size));
      return [name, { ...spec, shape }] as const;
    });
    return traceWith(run, Object.fromEntries(fixed), { convolution, outputOrders }, new FrozenVariables(names));
  };
  return axes.length === 0 ? traceOnce() : traceSizes(axes, traceOnce);
}
