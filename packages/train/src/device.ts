/** @module Where an ONNX graph computes, and how its convolutions are written there. */
import type { ConvolutionLowering, Provider } from '@latent-dogs/tfjs-onnx';

export interface Device {
  provider: Provider;
  convolution: ConvolutionLowering;
}

/** On MLAS one product for the whole batch beats one small product an image; GPUs have convolutions of their own. */
export function chooseDevice(provider: Provider): Device {
  return { provider, convolution: provider === 'cpu' ? 'gemm' : 'conv' };
}
