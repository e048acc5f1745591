/**
 * @module CPU time of the Worker in workerd (Linux), for `pnpm bench serve`. CPU time depends less on other load than
 * wall-clock time. Runtimes take turns.
 */

import { join } from 'node:path';
import { latentFromSeed } from '@latent-dogs/latent';
import { ExportedModel, type ModelFolder } from '@latent-dogs/models';
import { createTestHarness, type TestHarness } from 'wrangler';
import { PACKAGE, wranglerConfig } from '../src/cloudflare/wrangler-config.ts';
import type { Run } from '../src/generator.ts';
import { decode, largestDifference } from '../src/testing/pixels.ts';
import { cpuTime, descendants } from './processes.ts';

/** CPU times in ms. */
export interface WorkerCost {
  /** A run of the generator on onnxruntime-node with one thread. */
  native: number;
  /** The same in workerd, once V8 has optimised it. */
  inference: number;
  /** The same, mean of the first 20 runs of an isolate. */
  firstInference: number;
  /** A whole request in workerd, PNG included. */
  generate: number;
  /** Until the Worker listens, more than an idle Worker. */
  startUp: number;
  firstRequest: number;
  /** Largest difference of a channel, of 255, between pictures of workerd and of onnxruntime-node. */
  largestDifference: number;
}

/** Mean of the second half, by when V8 has optimised the hot code. */
const settled = (values: number[]) =>
  values.slice(values.length / 2).reduce((sum, value) => sum + value, 0) / Math.ceil(values.length / 2);

/** Starts a Worker; `startUp` is the CPU time of workerd until it listens, ms. */
async function startWorker(generated: string, main: string) {
  const before = descendants('workerd');
  const harness = createTestHarness({
    root: PACKAGE,
    workers: [{ config: { ...wranglerConfig(generated), main: join(PACKAGE, main) } }],
  });
  await harness.listen();
  const processes = descendants('workerd').filter((id) => !before.includes(id));
  return { harness, processes, startUp: cpuTime(processes) };
}

/** CPU time per repetition, ms, of a loop of `times` repetitions inside the Worker. */
async function workerLoop(harness: TestHarness, processes: number[], route: string, times: number): Promise<number> {
  const start = cpuTime(processes);
  const response = await harness.fetch(`/${route}?n=${times}`);
  if ((await response.text()) !== 'done') throw new Error(`The Worker answered ${response.status}.`);
  return (cpuTime(processes) - start) / times;
}

/** CPU time per inference, ms, on onnxruntime-node with one thread in this process. */
async function nodeLoop(run: Run, latentSize: number, times: number): Promise<number> {
  const start = process.cpuUsage();
  for (let seed = 0; seed < times; seed++) await run(latentFromSeed(seed, latentSize));
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000 / times;
}

/** @param generated output folder of `prepare` */
export async function measureWorker(model: ModelFolder, generated: string): Promise<WorkerCost> {
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false';
  const exported = await ExportedModel.open(model.folder, { threads: 1 });
  try {
    return { ...(await measureLoops(exported, generated)), ...(await measureStart(exported, generated)) };
  } finally {
    await exported.dispose();
  }
}

async function measureLoops(exported: ExportedModel, generated: string) {
  const { harness, processes } = await startWorker(generated, 'bench/measured-worker.ts');
  const { latentSize } = exported.manifest;
  const native: number[] = [];
  const inference: number[] = [];
  const generate: number[] = [];
  for (let turn = 0; turn < 30; turn++) {
    native.push(await nodeLoop((z) => exported.run(z), latentSize, 20));
    inference.push(await workerLoop(harness, processes, 'inference', 20));
    generate.push(await workerLoop(harness, processes, 'generate', 20));
  }
  await harness.close();
  return {
    native: settled(native),
    inference: settled(inference),
    firstInference: inference[0]!,
    generate: settled(generate),
  };
}

async function measureStart(exported: ExportedModel, generated: string) {
  const idle = await startWorker(generated, 'bench/idle-worker.ts');
  await idle.harness.close();
  const { harness, processes, startUp } = await startWorker(generated, 'src/worker.ts');
  const cpu = cpuTime(processes);
  await (await harness.fetch('/generate?seed=1')).arrayBuffer();
  const firstRequest = cpuTime(processes) - cpu;
  let difference = 0;
  for (let seed = 0; seed < 64; seed++) {
    const { data } = await decode((await harness.fetch(`/generate?seed=${seed}`)) as unknown as Response);
    difference = Math.max(difference, largestDifference(data, await exported.picture(seed)));
  }
  await harness.close();
  return { startUp: startUp - idle.startUp, firstRequest, largestDifference: difference };
}
