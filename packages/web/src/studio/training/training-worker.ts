/** @module The worker that trains: keeps the run on the device, and tells the page how it goes. */
import {
  type Checkpoint,
  createOnnxNetworks,
  type LogLine,
  photoDiversity,
  type RunEvent,
  type RunRecord,
  SAMPLES,
  train,
} from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { makeModel } from '../model/make-model.ts';
import { modelNameFrom } from '../model/model-name.ts';
import { checkedModel, keepModel, zipModel } from '../model/model-store.ts';
import { cutOf, type Size } from '../photos/cut-file.ts';
import { Checkpoints } from '../run/checkpoints.ts';
import { OpfsStore } from '../run/opfs-store.ts';
import { RunPhotos } from '../run/run-photos.ts';
import { zipRun } from '../run/run-zip.ts';
import { pictureBytes, sheetsOf } from '../run/sheet.ts';
import { createRun, deleteRun, openRun, type StudioRun } from '../run/studio-run.ts';
import { Folder } from '../storage/folder.ts';
import { parseLines } from '../storage/line-file.ts';
import { adapterName } from './adapter-name.ts';
import { type Compute, chooseCompute, wasmCompute } from './compute.ts';
import { failureKind } from './failure.ts';
import { macrotask } from './macrotask.ts';
import { measure } from './measure.ts';
import { Pace } from './pace.ts';
import { Previews } from './previews.ts';
import type { TrainingReply, TrainingRequest, WantedCompute } from './protocol.ts';
import { startCheckpoint } from './start-checkpoint.ts';
import { WatchedNetworks } from './watched-networks.ts';

declare const self: DedicatedWorkerGlobalScope;

/** A kill loses at most this much training. */
const CHECKPOINT_SECONDS = 30;

const say = (reply: TrainingReply, transfer: Transferable[] = []) => self.postMessage(reply, transfer);

let stopping = false;
let watchedFaces = SAMPLES;
/** The training that runs; it never rejects. */
let training: Promise<void> | null = null;

/** The data set's photos from the library's cut files. */
async function photosOf(cuts: readonly string[], size: Size): Promise<RunPhotos> {
  const folder = await (await (await Folder.studio()).folder('photos')).folder('cuts');
  const bytes = 3 * size * size;
  const pixels = new Uint8Array(cuts.length * bytes);
  for (const [i, name] of cuts.entries()) {
    const file = await folder.read(name);
    if (!file) throw new Error(`the photo ${name} is no longer on this device`);
    pixels.set(cutOf(file, size), i * bytes);
  }
  return new RunPhotos(pixels, size);
}

async function begin({ config, cuts, start }: Extract<TrainingRequest, { kind: 'start' }>): Promise<StudioRun> {
  const photos = await photosOf(cuts, config.size);
  const source = start && (await startCheckpoint(config, start));
  const record: Omit<RunRecord, 'dataset'> = {
    format: 1,
    created: new Date().toISOString(),
    config,
    ...(source ? { from: source.from } : {}),
    versions: { browser: navigator.userAgent },
  };
  return createRun(record, photos, source?.checkpoint ?? null);
}

/** Trains until the end or until `stopping`; if the graphics device is lost, goes on with WebAssembly. */
async function trainRun(run: StudioRun, wanted: WantedCompute): Promise<void> {
  say({ kind: 'phase', phase: 'loading' });
  const compute = await chooseCompute(wanted);
  tellProvider(compute, false);
  try {
    await trainOn(run, compute);
  } catch (error) {
    const elsewhere = compute.provider === 'webgpu' && failureKind(error) === 'unknown';
    if (!elsewhere) throw error;
    const fallback = await wasmCompute((error as Error).message);
    tellProvider(fallback, true);
    await trainOn(run, fallback);
  }
}

const tellProvider = ({ provider, threads, note }: Compute, fellBack: boolean) =>
  say({ kind: 'provider', provider, threads, fellBack, note });

async function trainOn(run: StudioRun, compute: Compute): Promise<void> {
  const { config } = run.record;
  const store = await OpfsStore.open(run.folder, config.size, (sheet) => say({ kind: 'sheet', ...sheet }));
  try {
    const checkpoint = await store.continueFrom();
    if (config.from !== null && !checkpoint) throw new Error('the run has no checkpoint that is not damaged');
    note(store, checkpoint, run);
    say({ kind: 'phase', phase: 'tracing' });
    const pace = new Pace(config.batch, checkpoint?.imagesSeen ?? 0);
    let first = true;
    const previews = new Previews(config, (kind, from, pictures) => {
      const pixels = pictureBytes(pictures);
      say({ kind, from, of: SAMPLES, size: config.size, pixels }, [pixels.buffer]);
    });
    const afterStep = async (sample: (z: Float32Array) => Promise<Float32Array>) => {
      const progress = pace.step(performance.now());
      if (first) say({ kind: 'phase', phase: 'training' });
      first = false;
      if (progress) say({ kind: 'progress', ...progress });
      if (watchedFaces > 0) await previews.maybe(sample, watchedFaces);
      await macrotask();
    };
    const { finished } = await train({
      config,
      photos: run.photos,
      realDiversity: await photoDiversity(run.photos, config.seed),
      createNetworks: async (settings, values) =>
        new WatchedNetworks(await createOnnxNetworks(settings, compute.device, values), afterStep, compute.lost),
      store,
      evaluate: async () => ({}),
      checkpoint,
      shouldStop: () => stopping,
      checkpointSeconds: CHECKPOINT_SECONDS,
      onTick: (line) => {
        pace.imagesSeen = line.imagesSeen;
        say({ kind: 'tick', line });
      },
      onMessage: (message) => say({ kind: 'guard', message }),
    });
    say({ kind: 'phase', phase: finished ? 'done' : 'paused' });
  } finally {
    store.close();
  }
}

function note(store: OpfsStore, checkpoint: Checkpoint | null, { record }: StudioRun): void {
  const imagesSeen = checkpoint?.imagesSeen ?? 0;
  const event: RunEvent = {
    time: new Date().toISOString(),
    event: imagesSeen > 0 ? 'run-resumed' : 'run-started',
    imagesSeen,
    message: `${record.dataset.count} images of '${record.dataset.name}', from image ${imagesSeen}`,
  };
  store.event(event);
}

function startTraining(prepare: () => Promise<StudioRun>, wanted: WantedCompute): void {
  stopping = false;
  training = prepare()
    .then((run) => trainRun(run, wanted))
    .catch((error) => fail(error))
    .finally(() => {
      training = null;
    });
}

async function pause(): Promise<void> {
  stopping = true;
  await training;
}

async function savedRun(): Promise<{ run: StudioRun; checkpoint: Checkpoint }> {
  const run = await openRun();
  const checkpoint = run && (await new Checkpoints(await run.folder.folder('checkpoints')).newest());
  if (!run || !checkpoint) throw new UserError('there is no run with a checkpoint on this device');
  return { run, checkpoint };
}

async function summary() {
  const run = await openRun();
  if (!run) return null;
  const checkpoint = await new Checkpoints(await run.folder.folder('checkpoints')).newest();
  const imagesSeen = checkpoint?.imagesSeen ?? 0;
  const lines = parseLines<LogLine>((await run.folder.read('log.jsonl')) ?? new Uint8Array(0));
  const log = lines.filter((line) => line.imagesSeen <= imagesSeen);
  return { record: run.record, imagesSeen, log, sheets: await sheetsOf(run.folder) };
}

async function answer(request: TrainingRequest): Promise<void> {
  switch (request.kind) {
    case 'open':
      say({ kind: 'run', run: await summary() });
      break;
    case 'start':
      await pause();
      startTraining(() => begin(request), request.compute);
      break;
    case 'go-on':
      await pause();
      startTraining(async () => (await savedRun()).run, request.compute);
      break;
    case 'pause':
      await pause();
      break;
    case 'finish': {
      await pause();
      say({ kind: 'phase', phase: 'saving' });
      const { run, checkpoint } = await savedRun();
      const { device } = await wasmCompute();
      const name = modelNameFrom(request.name, request.taken);
      await keepModel(name, await makeModel(run, checkpoint, name, device));
      say({ kind: 'phase', phase: checkpoint.imagesSeen >= run.record.config.images ? 'done' : 'paused' });
      say({ kind: 'saved-model', name });
      break;
    }
    case 'import-model': {
      const given = new Map(request.files.map(({ path, bytes }) => [path, bytes]));
      try {
        const { name, files } = await checkedModel(given, (own) => modelNameFrom(own, request.taken));
        await keepModel(name, files);
        say({ kind: 'saved-model', name });
      } catch (error) {
        say({ kind: 'model-refused', detail: (error as Error).message });
      }
      break;
    }
    case 'zip-model':
      say({ kind: 'zip', name: `${request.name}.zip`, zip: new Blob([await zipModel(request.name)]) });
      break;
    case 'zip-run': {
      await pause();
      const { run, checkpoint } = await savedRun();
      const name = `studio-run-${run.record.created.slice(0, 10)}`;
      say({ kind: 'zip', name: `${name}.zip`, zip: new Blob([await zipRun(run, checkpoint, name)]) });
      break;
    }
    case 'discard':
      await pause();
      await deleteRun();
      say({ kind: 'discarded' });
      break;
    case 'measure': {
      await pause();
      stopping = false;
      const { config, compute } = request;
      const measured = await measure(config, compute, () => stopping);
      say({ kind: 'measured', config, ...measured, adapter: await adapterName() });
      break;
    }
    case 'watch':
      watchedFaces = request.faces;
      break;
  }
}

function fail(error: unknown, reason = failureKind(error)): void {
  const { name, message } = error as Error;
  say({ kind: 'failed', reason, detail: name === 'UserError' || name === 'Error' ? message : `${name}: ${message}` });
}

/** Requests that a training must stop for. */
const STOPS: ReadonlySet<TrainingRequest['kind']> = new Set([
  'start',
  'go-on',
  'pause',
  'finish',
  'zip-run',
  'discard',
  'measure',
]);

// One request after another, in their order.
let turn = Promise.resolve();
self.onmessage = ({ data }: MessageEvent<TrainingRequest>) => {
  if (STOPS.has(data.kind)) stopping = true;
  turn = turn
    .then(() => answer(data))
    .catch((error) => {
      const reason = failureKind(error);
      // Only in training a user's error is one of the guard.
      fail(error, reason === 'guard' ? 'unknown' : reason);
    });
};
