/** @module What is read of TF.js's models. Their packages are not imported, so that a program has only those that it uses. */
import type * as tf from '@tensorflow/tfjs-core';
import { TraceError } from '../tracing-backend.ts';

/** A layer of tf.layers: its name, its computation, and the layers inside it. */
export interface Layer {
  readonly name: string;
  /** Whether it keeps what it has computed for the next batch, as some recurrent layers do. */
  readonly stateful?: boolean;
  call(inputs: tf.Tensor | tf.Tensor[], options: object): tf.Tensor | tf.Tensor[];
  readonly layers?: readonly Layer[];
  readonly layer?: Layer;
  readonly forwardLayer?: Layer;
  readonly backwardLayer?: Layer;
}

/** A model of tf.layers: tf.LayersModel, also tf.Sequential. */
export interface LayersModel extends Layer {
  readonly layers: readonly Layer[];
  readonly inputs: readonly { readonly shape: readonly (number | null)[]; readonly dtype: tf.DataType }[];
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly weights: readonly { readonly name: string; read(): tf.Tensor }[];
  apply(inputs: tf.Tensor[], options: object): tf.Tensor | tf.Tensor[] | object;
}

/** The model itself, or the one that a tf.Sequential makes when it is built, which has the names of inputs and outputs. */
export function unwrapped<T extends LayersModel>(model: T): T {
  const sequential = model as unknown as { model?: T; add?: unknown; build(): void };
  if (sequential.add && !sequential.model) sequential.build();
  return sequential.model ?? model;
}

/** A model that TensorFlow's converter wrote: tf.GraphModel. */
export interface GraphModel {
  readonly inputs: readonly { readonly name: string; readonly shape?: readonly number[]; readonly dtype: string }[];
  readonly outputNodes: readonly string[];
  readonly weights: Readonly<Record<string, readonly tf.Tensor[]>>;
  execute(inputs: Record<string, tf.Tensor>, outputs: string[]): tf.Tensor | tf.Tensor[];
}

export const isLayersModel = (source: unknown): source is LayersModel =>
  typeof source === 'object' && source !== null && 'layers' in source && 'apply' in source;

export const isGraphModel = (source: unknown): source is GraphModel =>
  typeof source === 'object' && source !== null && 'outputNodes' in source && 'execute' in source;

/** @throws TraceError naming a recurrent layer that keeps its state: it would keep tensors of the trace, and be unusable afterwards. */
export function refuseStateful(model: LayersModel): void {
  const kept = allLayers(model).find(({ stateful, layers }) => stateful && !layers);
  if (kept)
    throw new TraceError(
      `layer '${kept.name}' is stateful: it goes on from the batch before, which a graph cannot; legal: stateful: false, or the states as inputs and outputs`,
    );
}

/** The layers of a model, with those inside other layers. */
export function allLayers(model: Layer): Layer[] {
  const inner = [...(model.layers ?? []), model.layer, model.forwardLayer, model.backwardLayer];
  return inner.flatMap((layer) => (layer ? [layer, ...allLayers(layer)] : []));
}
