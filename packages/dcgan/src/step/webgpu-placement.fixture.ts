/**
 * @module Opens the sessions of a training on WebGPU, with ONNX Runtime telling on stderr where it puts each node:
 * node webgpu-placement.fixture.ts '{"preset": "dogs", "loss": "hinge"}'.
 */
import { NormalStream } from '@latent-dogs/latent';
import * as runtime from 'onnxruntime-node';
import { presetConfig } from '../settings/presets.ts';
import { createOnnxNetworks } from './onnx-networks.ts';
import { initialState, stateDefinitions } from './state.ts';

const { preset, ...changes } = JSON.parse(process.argv[2]!);
const config = { ...presetConfig(preset, 'photos'), ...changes };
const open = runtime.InferenceSession.create.bind(runtime.InferenceSession);
const InferenceSession = {
  create: (model: Uint8Array, options: object) => open(model, { ...options, logSeverityLevel: 0 }),
} as unknown as typeof runtime.InferenceSession;
const values = initialState(stateDefinitions(config), new NormalStream(1));
await createOnnxNetworks(config, { runtime: { ...runtime, InferenceSession }, provider: 'webgpu' }, values);
// What ends a process with sessions on WebGPU is not what is tested here.
process.exit(0);
