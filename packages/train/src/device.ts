/** @module Where a run computes, and how its convolutions are written there. */
import { UserError } from '@latent-dogs/latent';
import type { ConvolutionLowering, Provider } from '@latent-dogs/tfjs-onnx';
import type { Config } from './config.ts';

export interface Device {
  provider: Provider;
  convolution: ConvolutionLowering;
}

/** `auto` is the CPU: it is on every machine. */
export function chooseDevice(device: Config['device']): Device {
  // On MLAS one product for the whole batch beats one small product an image; GPUs have convolutions of their own.
  return device === 'webgpu' ? { provider: 'webgpu', convolution: 'conv' } : { provider: 'cpu', convolution: 'gemm' };
}

/** What ONNX Runtime says when a provider cannot run here, for a person: without the place in its source that failed. */
export function deviceError(device: Config['device'], error: unknown): UserError {
  const [line = ''] = (error as Error).message.split('\n');
  const reason = line.replace(/^.* was false\. /, '');
  return new UserError(
    `--device ${device} does not work on this machine: ${reason}. Use --device cpu, or install the graphics card's driver (on Linux with Vulkan)`,
  );
}
