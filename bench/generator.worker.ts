/**
 * @module Runs an exported generator. Arguments: FILE RUNTIME THREADS, with RUNTIME `native` or `wasm`. A message to this
 * process is a `GenerateTask`; the answer is `Generated`.
 */
import { readFile } from 'node:fs/promises';
import { latentFromSeed } from '@latent-dogs/latent';

export interface GenerateTask {
  latent: number;
  /** Pictures of one run of the graph. */
  batch: number;
  /** Runs of the graph. */
  runs: number;
}

export interface Generated {
  seconds: number;
  /** CPU time, all cores together. */
  cpuSeconds: number;
}

const [file, name, threads] = process.argv.slice(2) as [string, 'native' | 'wasm', string];

async function open() {
  const onnx = await readFile(file);
  if (name === 'native') {
    const native = await import('onnxruntime-node');
    const options = { intraOpNumThreads: Number(threads), interOpNumThreads: 1 };
    return { session: await native.InferenceSession.create(onnx, options), Tensor: native.Tensor };
  }
  const web = await import('onnxruntime-web');
  web.env.wasm.numThreads = Number(threads);
  return { session: await web.InferenceSession.create(onnx), Tensor: web.Tensor };
}

const { session, Tensor } = await open();

process.on('message', async ({ latent, batch, runs }: GenerateTask) => {
  const values = new Float32Array(batch * latent);
  for (let n = 0; n < batch; n++) values.set(latentFromSeed(n, latent), n * latent);
  const z = new Tensor('float32', values, [batch, latent]);
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  for (let run = 0; run < runs; run++) await session.run({ z }, ['pixels']);
  const { user, system } = process.cpuUsage(cpu);
  const answer: Generated = {
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (user + system) / 1e6,
  };
  process.send!(answer);
});
process.send!('ready');
