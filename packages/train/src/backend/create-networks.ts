/** @module Creates networks on the backend of a config. */
import { type CreateNetworks, createOnnxNetworks } from '@latent-dogs/dcgan';
import * as runtime from 'onnxruntime-node';
import { computeOf } from './compute.ts';

export const createNetworks: CreateNetworks = async (config, values) => {
  const compute = computeOf(config);
  if (compute.backend === 'onnxruntime')
    return createOnnxNetworks(config, { runtime, provider: compute.device }, values);
  // Imported only if used.
  const { createTensorflowNetworks } = await import('./tensorflow/networks.ts');
  return createTensorflowNetworks(config, compute.device, values);
};
