/** @module Chooses what computes: WebGPU where it works, else WebAssembly. */
import { hasSimd, hasWebgpu } from '@latent-dogs/client/runtime/capabilities';
import { deviceLost } from '@latent-dogs/client/runtime/onnxruntime-web';
import { compile, type Device } from '@latent-dogs/tfjs-onnx';
import type { ProviderName } from '../../engine/protocol.ts';
import { loadWasm, loadWebgpu } from '../../worker/onnxruntime-files.ts';
import { TrainingFailure } from './failure.ts';
import type { WantedCompute } from './protocol.ts';
import { selfCheck } from './self-check.ts';

export interface Compute {
  device: Device;
  provider: ProviderName;
  threads: number;
  /** Why not WebGPU, if it was tried; else empty. */
  note: string;
  /** Rejects when the graphics device is lost, if ever. */
  lost: Promise<never>;
}

/** The reason why a training has to go on elsewhere. */
export class DeviceLost extends Error {}

/** One core is left to the page. */
const threadsHere = () => (crossOriginIsolated ? Math.max(1, navigator.hardwareConcurrency - 1) : 1);

/** @param note why not WebGPU. @param wanted number of threads; null: as many as this device can give. */
export async function wasmCompute(note = '', wanted: number | null = null): Promise<Compute> {
  if (!hasSimd()) throw new TrainingFailure('no-simd', 'This browser has no WebAssembly SIMD.');
  const threads = wanted ?? threadsHere();
  const runtime = await loadWasm(threads);
  return { device: { runtime, provider: 'wasm' }, provider: 'wasm', threads, note, lost: new Promise(() => {}) };
}

/**
 * Opens a session that stays open. ONNX Runtime gives the graphics device back with the last session, such as that of the
 * check, and the next one gets another device.
 */
const keepDevice = (device: Device) =>
  compile((_state, { x }) => ({ outputs: { y: x! } }), { ...device, inputs: { x: { shape: [1] } } });

/** @throws Error if WebGPU does not work here, or computes something else than it should. */
export async function webgpuCompute(): Promise<Compute> {
  const ort = await loadWebgpu();
  const device: Device = { runtime: ort, provider: 'webgpu' };
  await keepDevice(device);
  await selfCheck(device);
  const lost = deviceLost(ort).then((message): never => {
    throw new DeviceLost(message);
  });
  // It is awaited only during steps.
  lost.catch(() => {});
  return { device, provider: 'webgpu', threads: 1, note: '', lost };
}

export async function chooseCompute({ provider, threads }: WantedCompute): Promise<Compute> {
  const webgpu = provider !== 'wasm' && (await hasWebgpu({ fallbackToo: provider === 'webgpu' }));
  if (!webgpu) return wasmCompute('', threads);
  try {
    return await webgpuCompute();
  } catch (error) {
    return wasmCompute(`WebGPU cannot be used: ${(error as Error).message}`, threads);
  }
}
