/** @module The worker that computes on the graphics card. */
import * as ort from 'onnxruntime-web/jspi';
import { serveSession } from './serve-session.ts';

/** The part of WebGPU used here, which TypeScript's own library does not describe. */
interface GpuDevice {
  lost: Promise<{ message: string }>;
}

async function lost(): Promise<string> {
  const device = (await ort.env.webgpu.device) as unknown as GpuDevice;
  return (await device.lost).message;
}

serveSession({ ort, provider: 'webgpu', lost });
