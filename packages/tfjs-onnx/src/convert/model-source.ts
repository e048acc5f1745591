/** @module A model or a function as the tracer takes it: named inputs with their shapes, a computation, names of weights and nodes. */
import type * as tf from '@tensorflow/tfjs-core';
import type { NamedTensors, TensorSpec } from '../trace.ts';
import { TraceError, tracingBackend } from '../tracing-backend.ts';
import {
  allLayers,
  type GraphModel,
  isGraphModel,
  isLayersModel,
  type LayersModel,
  refuseStateful,
  unwrapped,
} from './models.ts';

/** An input: its shape, in which a name or null stands for an axis of any size, and its element type. */
export interface InputSpec extends Omit<TensorSpec, 'shape'> {
  readonly shape: readonly (number | string | null)[];
}

/** An input whose axes of any size have names. */
interface NamedInput extends InputSpec {
  readonly shape: readonly (number | string)[];
}

export interface ModelSource {
  readonly inputs: Readonly<Record<string, NamedInput>>;
  run(inputs: NamedTensors): NamedTensors;
  /** Names of the weights. */
  readonly names: ReadonlyMap<tf.DataId, string>;
}

/** A function from tensors by name to tensors by name. */
export type TracedFunction = (inputs: NamedTensors) => NamedTensors;

type Dtype = NonNullable<TensorSpec['dtype']>;

/** Names of axes of any size: N for the batch, height and width of pictures, length of sequences. */
function axisName(rank: number, axis: number): string {
  if (axis === 0) return 'N';
  if (rank === 4 && axis < 3) return axis === 1 ? 'height' : 'width';
  return rank === 3 && axis === 1 ? 'length' : `axis_${axis}`;
}

const freed = (shape: readonly (number | string | null)[]): (number | string)[] =>
  shape.map((size, axis) => (size === null || (size as number) < 0 ? axisName(shape.length, axis) : size));

/** @throws TraceError naming an input without a shape. */
function namedInputs(given: Readonly<Record<string, InputSpec>>): Record<string, NamedInput> {
  const inputs = Object.entries(given).map(([name, spec]) => {
    if (!Array.isArray(spec?.shape))
      throw new TraceError(`input '${name}' has no shape; legal: { shape: ['N', 28, 28, 1], dtype: 'float32' }`);
    return [name, { ...spec, shape: freed(spec.shape) }];
  });
  return Object.fromEntries(inputs);
}

/**
 * @param given shapes and types that take the place of the model's own; all of them for a function.
 * @throws TraceError naming an input that the model does not have, or a source that is neither.
 */
export function modelSource(
  source: LayersModel | GraphModel | TracedFunction,
  given: Readonly<Record<string, InputSpec>> = {},
): ModelSource {
  const inputs = namedInputs(given);
  if (typeof source === 'function') {
    if (source.length > 0 && Object.keys(inputs).length === 0)
      throw new TraceError("a function needs its inputs; legal: toOnnx(fn, { inputs: { x: { shape: ['N', 3] } } })");
    return { inputs, run: source, names: new Map() };
  }
  if (!isLayersModel(source) && !isGraphModel(source))
    throw new TraceError('the source is not a model; legal: a tf.LayersModel, a tf.GraphModel, or a function');
  const own = isLayersModel(source) ? ofLayers(unwrapped(source)) : ofGraph(source);
  for (const name of Object.keys(inputs))
    if (!(name in own.inputs))
      throw new TraceError(`the model has no input '${name}'; legal: ${Object.keys(own.inputs).join(', ')}`);
  const all = { ...own.inputs, ...inputs };
  for (const [name, { shape }] of Object.entries(all))
    if (!shape)
      throw new TraceError(
        `input '${name}' has no shape in the model; legal: its shape as an option, such as [1, 224, 224, 3]`,
      );
  return { ...own, inputs: all };
}

const listed = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

/** Results by name; a name that an input has too is changed. */
function named(names: readonly string[], results: readonly tf.Tensor[], inputs: NamedTensors): NamedTensors {
  return Object.fromEntries(names.map((name, i) => [name in inputs ? `${name}_output` : name, results[i]!]));
}

function ofLayers(model: LayersModel): ModelSource {
  refuseStateful(model);
  const inputs = Object.fromEntries(
    model.inputNames.map((name, i): [string, NamedInput] => {
      const { shape, dtype } = model.inputs[i]!;
      return [name, { shape: freed(shape), dtype: dtype as Dtype }];
    }),
  );
  return {
    inputs,
    names: new Map(model.weights.map((weight) => [weight.read().dataId, weight.name])),
    run: (tensors) => {
      const restore = nameLayers(model);
      try {
        const results = model.apply(
          model.inputNames.map((name) => tensors[name]!),
          { training: false },
        );
        return named(model.outputNames, listed(results as tf.Tensor | tf.Tensor[]), tensors);
      } finally {
        restore();
      }
    },
  };
}

/** Nodes get the names of the layers that they belong to. @returns how to undo it. */
function nameLayers(model: LayersModel): () => void {
  const layers = new Set(allLayers(model));
  for (const layer of layers) {
    const { call } = layer;
    layer.call = function (this: typeof layer, ...operands) {
      const outer = tracingBackend.scope;
      tracingBackend.scope = outer ? `${outer}/${layer.name}` : layer.name;
      try {
        return call.apply(this, operands);
      } finally {
        tracingBackend.scope = outer;
      }
    };
  }
  return () => {
    // The method of the class is found again.
    for (const layer of layers) delete (layer as Partial<typeof layer>).call;
  };
}

const withoutIndex = (name: string): string => name.replace(/:0$/, '');

function ofGraph(model: GraphModel): ModelSource {
  const inputs = Object.fromEntries(
    // Where the rank is unknown, there is no shape.
    model.inputs.map(({ name, shape, dtype }): [string, NamedInput] => [
      withoutIndex(name),
      { shape: (shape && freed(shape)) as NamedInput['shape'], dtype: dtype as Dtype },
    ]),
  );
  const nodeNames = new Map(model.inputs.map(({ name }) => [withoutIndex(name), name]));
  const weights = Object.entries(model.weights).flatMap(([name, tensors]) =>
    tensors.map((tensor): [tf.DataId, string] => [tensor.dataId, name]),
  );
  return {
    inputs,
    names: new Map(weights),
    run: (tensors) => {
      const restore = nameNodes(model);
      try {
        const fed = Object.entries(tensors).map(([name, tensor]) => [nodeNames.get(name)!, tensor]);
        const results = model.execute(Object.fromEntries(fed), [...model.outputNodes]);
        return named(model.outputNodes.map(withoutIndex), listed(results), tensors);
      } catch (error) {
        throw error instanceof TraceError ? error : (dynamicOperation(error as Error) ?? error);
      } finally {
        restore();
      }
    },
  };
}

/** Why operations that TF.js executes with executeAsync only have no place in a graph; others belong to a loop. */
const DYNAMIC: Readonly<Record<string, string>> = {
  Switch: 'the model chooses a branch by a value',
  Merge: 'the model chooses a branch by a value',
  ...Object.fromEntries(
    ['NonMaxSuppressionV2', 'NonMaxSuppressionV3', 'NonMaxSuppressionV5', 'Where', 'Unique', 'ListDiff'].map((name) => [
      name,
      'the shape of its result depends on values',
    ]),
  ),
};

/** The error for a model with control flow, from TF.js's own, which names the operation. */
function dynamicOperation({ message }: Error): TraceError | undefined {
  const [, node, operation] = /the node '(.*)', which has the dynamic op '(\w+)'/.exec(message) ?? [];
  if (!node || !operation) return undefined;
  const reason = DYNAMIC[operation] ?? 'the model repeats a loop as often as values say';
  return new TraceError(
    `operation '${operation}' cannot be converted: ${reason}; node '${node}'. Convert the part before it: toOnnx(({ x }) => ({ y: model.execute(x, 'NODE') }), …)`,
  );
}

/** TF.js's executor asks each node for its category before it executes it. @returns how to undo the change. */
function nameNodes(model: GraphModel): () => void {
  const { executor } = model as unknown as { executor?: { graph?: { nodes: Record<string, { category: string }> } } };
  const nodes = Object.entries(executor?.graph?.nodes ?? {}).map(([name, node]) => ({
    name,
    node,
    category: node.category,
  }));
  for (const { name, node, category } of nodes)
    Object.defineProperty(node, 'category', {
      configurable: true,
      enumerable: true,
      get: () => {
        tracingBackend.scope = name;
        return category;
      },
    });
  return () => {
    tracingBackend.scope = undefined;
    for (const { node, category } of nodes)
      Object.defineProperty(node, 'category', {
        configurable: true,
        enumerable: true,
        writable: true,
        value: category,
      });
  };
}
