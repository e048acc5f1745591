/** @module TensorFlow.js to ONNX: trace a function, lower its kernels, write the graph or run it on ONNX Runtime. It needs nothing of Node. */

export type { InputSpec, TracedFunction } from './convert/model-source.ts';
export type { GraphModel, LayersModel } from './convert/models.ts';
export { type ConvertOptions, toOnnx } from './convert/to-onnx.ts';
export { type OutputParity, type ParityReport, verify } from './convert/verify.ts';
export { collectGraph, type Graph } from './graph/graph.ts';
export { GraphBuilder } from './graph/graph-builder.ts';
export { NCHW, OIHW } from './graph/traced.ts';
export { ELEMENT_TYPES, type Node, type Value } from './graph/types.ts';
export type { ConvolutionLowering, Precision } from './kernels/lowering.ts';
export { encodeOnnx, type OnnxOptions, OPSET } from './onnx-model.ts';
export { mergeBiases } from './rewrite/merge-biases.ts';
export { storeWeights, type WeightPrecision } from './rewrite/store-weights.ts';
export type { Device, Provider, Runtime } from './runtime/device.ts';
export { type CompileOptions, compile, type InputData, type Output, Program, type Step } from './runtime/program.ts';
export { type NamedValues, ProgramState } from './runtime/program-state.ts';
export { Variables } from './runtime/variables.ts';
export { type NamedSpecs, type NamedTensors, type TensorSpec, type TraceOptions, trace } from './trace.ts';
export { traceDynamic } from './trace-dynamic.ts';
export { TraceError } from './tracing-backend.ts';
export { type Batch, TrainStep, type TrainStepOptions, trainStep } from './training/train-step.ts';
