/**
 * @module Cost of serving one model on this machine (Linux): `node packages/serve/bench/measure.ts`.
 *
 * Times are CPU times of the processes, which depend less on other load than wall-clock times. Runtimes take turns.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArguments, runCommand } from '@latent-dogs/command-line';
import { chwToRgba, latentFromSeed } from '@latent-dogs/latent';
import { ExportedModel, type ModelFolder, readModelFolder } from '@latent-dogs/models';
import { Command } from 'commander';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { createTestHarness, type TestHarness } from 'wrangler';
import { prepare } from '../src/cloudflare/prepare.ts';
import type { Run } from '../src/generator.ts';
import { GALLERY } from '../src/node/gallery.ts';
import { modelFolder, modelOption } from '../src/options.ts';
import { decode, largestDifference } from '../src/testing/pixels.ts';
import { PACKAGE, workerConfig } from '../src/testing/worker-config.ts';
import { cpuTime, descendants } from './processes.ts';

process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false';
/** Mean of the second half, by when V8 has optimised the hot code. */
const settled = (values: number[]) =>
  values.slice(values.length / 2).reduce((sum, value) => sum + value, 0) / Math.ceil(values.length / 2);
const ms = (value: number) => `${value.toFixed(1)} ms`;

/** Starts a Worker; `startUp` is the CPU time of workerd until it listens, ms. */
async function startWorker(generated: string, main: string) {
  const before = descendants('workerd');
  const harness = createTestHarness({
    root: PACKAGE,
    workers: [{ config: { ...workerConfig(generated), main: join(PACKAGE, main) } }],
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

async function measureInference({ folder, manifest }: ModelFolder, generated: string): Promise<void> {
  const { harness, processes } = await startWorker(generated, 'bench/measured-worker.ts');
  const model = await ExportedModel.open(folder, { threads: 1 });
  const node: number[] = [];
  const inference: number[] = [];
  const generate: number[] = [];
  for (let turn = 0; turn < 30; turn++) {
    node.push(await nodeLoop((z) => model.run(z), manifest.latentSize, 20));
    inference.push(await workerLoop(harness, processes, 'inference', 20));
    generate.push(await workerLoop(harness, processes, 'generate', 20));
  }
  await harness.close();
  console.log(`inference, CPU     onnxruntime-node ${ms(settled(node))}, workerd ${ms(settled(inference))}`);
  console.log(`  the first 20     onnxruntime-node ${ms(node[0]!)}, workerd ${ms(inference[0]!)}`);
  console.log(`/generate, CPU     workerd ${ms(settled(generate))}, PNG included`);
}

async function measureStart({ file, manifest }: ModelFolder, generated: string): Promise<void> {
  const idle = await startWorker(generated, 'bench/idle-worker.ts');
  await idle.harness.close();
  const { harness, processes, startUp } = await startWorker(generated, 'src/worker.ts');
  const cpu = cpuTime(processes);
  const start = performance.now();
  await (await harness.fetch('/generate?seed=1')).arrayBuffer();
  console.log(`start-up, CPU      ${ms(startUp - idle.startUp)} more than an idle Worker (${ms(idle.startUp)})`);
  console.log(`first request      ${ms(performance.now() - start)} wall-clock, ${cpuTime(processes) - cpu} ms CPU`);

  const session = await InferenceSession.create(file, { intraOpNumThreads: 1 });
  const { height, width } = manifest.outputs.image;
  let [rgba, chw] = [0, 0];
  for (let seed = 0; seed < 64; seed++) {
    const { data } = await decode((await harness.fetch(`/generate?seed=${seed}`)) as unknown as Response);
    const z = new Tensor('float32', latentFromSeed(seed, manifest.latentSize), [1, manifest.latentSize]);
    const { image, pixels } = await session.run({ z });
    rgba = Math.max(rgba, largestDifference(data, pixels!.data as Uint8Array));
    chw = Math.max(chw, largestDifference(data, chwToRgba(image!.data as Float32Array, height, width)));
  }
  await harness.close();
  console.log(
    `64 dogs' pixels    workerd differs by at most ${rgba} of 255 from Node's "pixels", ${chw} from its "image"`,
  );
}

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('node packages/serve/bench/measure.ts').addOption(modelOption());
  if (!parseArguments(program, argv)) return 0;
  const model = await readModelFolder(await modelFolder(program.opts()));
  const { name, generator } = model.manifest;
  console.log(`${name}: ${(generator.bytes / 1e6).toFixed(1)} MB, ${generator.precision}`);
  console.log(
    `${cpus().length} x ${cpus()[0]!.model}, load ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  );
  const out = mkdtempSync(join(tmpdir(), 'measured-'));
  try {
    await prepare({ model, gallery: GALLERY, out });
    await measureInference(model, out);
    await measureStart(model, out);
  } finally {
    rmSync(out, { recursive: true });
  }
  return 0;
}

runCommand(main);
