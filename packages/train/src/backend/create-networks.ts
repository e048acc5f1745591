/** @module The networks of a config on the backend that it names. */

import type { Config, Networks } from '@latent-dogs/dcgan';
import type { NamedValues } from '@latent-dogs/tfjs-onnx';
import { computeOf } from './compute.ts';
import { createOnnxNetworks } from './onnxruntime.ts';

/** @param values of every tensor of `stateDefinitions(config)`. @throws where the backend cannot run here. */
export async function createNetworks(config: Config, values: NamedValues): Promise<Networks> {
  const compute = computeOf(config);
  if (compute.backend === 'onnxruntime') return createOnnxNetworks(config, compute.device, values);
  // Loaded only where it is used.
  const { createTensorflowNetworks } = await import('./tensorflow/networks.ts');
  return createTensorflowNetworks(config, compute.device, values);
}
