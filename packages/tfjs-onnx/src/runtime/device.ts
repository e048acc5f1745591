/** @module What a program computes on. The caller hands the runtime in, so that this package imports none. */
import type { InferenceSessionFactory, TensorConstructor } from 'onnxruntime-common';

/** An implementation of ONNX Runtime's JavaScript API, such as the module `onnxruntime-node` or `onnxruntime-web`. */
export interface Runtime {
  readonly InferenceSession: InferenceSessionFactory;
  readonly Tensor: TensorConstructor;
}

/** Names of ONNX Runtime's execution providers. Each build of a runtime has some of them. */
export type Provider = 'cpu' | 'wasm' | 'webgpu' | 'cuda';

/** A runtime and the provider of it that computes. */
export interface Device {
  readonly runtime: Runtime;
  /** `cpu` if absent; onnxruntime-web takes that for `wasm`. */
  readonly provider?: Provider;
}
