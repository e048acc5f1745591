/** @module The training as the page shows it, and the worker that does it. */
import type { Config, LogLine } from '@latent-dogs/dcgan';
import { batch, computed, effect, signal } from '@preact/signals';
import { catalogue, startEngine } from '../../engine/engine.ts';
import type { ProviderName } from '../../engine/protocol.ts';
import { offerDownload } from '../../share/offer-download.ts';
import { notify } from '../../state/notice.ts';
import { studioMessages } from '../messages/messages.ts';
import type {
  FailureKind,
  RunSummary,
  StartModel,
  TrainingReply,
  TrainingRequest,
  WantedCompute,
} from '../training/protocol.ts';
import { keepAwake } from './wake-lock.ts';
import { facesAlong } from './wide.ts';

type Phase = 'opening' | 'none' | 'loading' | 'tracing' | 'training' | 'paused' | 'done' | 'saving' | 'failed';

export const phase = signal<Phase>('opening');
export const config = signal<Config | null>(null);
/** Photos of the run. */
export const photoCount = signal(0);
export const imagesSeen = signal(0);
export const imagesPerSecond = signal(0);
export const log = signal<readonly LogLine[]>([]);
export const provider = signal<{ provider: ProviderName; threads: number; fellBack: boolean; note: string } | null>(
  null,
);
export const failure = signal<{ reason: FailureKind; detail: string } | null>(null);
export const guardMessages = signal<readonly { message: string; imagesSeen: number }[]>([]);
export const sheets = signal<readonly { imagesSeen: number; png: Blob }[]>([]);

export interface Pictures {
  size: number;
  /** RGBA [64, size, size, 4]. */
  pixels: Uint8ClampedArray<ArrayBuffer>;
}

export const faces = signal<Pictures | null>(null);
export const morph = signal<Pictures | null>(null);
/** What the last measurement found; `running` while one runs. */
export const measured = signal<Extract<TrainingReply, { kind: 'measured' }> | 'running' | null>(null);
/** The model that was saved last on this visit. */
export const savedModel = signal<string | null>(null);

export const working = computed(() => ['loading', 'tracing', 'training'].includes(phase.value));

let worker: Worker | undefined;

const ask = (request: TrainingRequest) => worker!.postMessage(request);

/** Shows the run of an earlier visit, if there is one. */
export function startTrainer(): void {
  if (worker) return;
  worker = new Worker(new URL('../training/training-worker.ts', import.meta.url), {
    type: 'module',
    name: 'studio-training',
  });
  worker.onmessage = ({ data }: MessageEvent<TrainingReply>) => hear(data);
  worker.onerror = (event) => {
    fail({ reason: 'unknown', detail: event.message ?? 'the worker did not start' });
  };
  effect(watch);
  addEventListener('visibilitychange', watch);
  ask({ kind: 'open' });
}

function watch(): void {
  const faces = facesAlong.value ** 2;
  ask({ kind: 'watch', faces: document.visibilityState === 'visible' ? faces : 0 });
}

/** The pictures shown before, with these newer ones from the `from`-th on, of `of` in all. */
function renewed(
  before: Pictures | null,
  { from, of, size, pixels }: Pictures & { from: number; of: number },
): Pictures {
  const length = 4 * of * size ** 2;
  const all = new Uint8ClampedArray(length);
  if (before?.pixels.length === length) all.set(before.pixels);
  all.set(pixels, from * 4 * size ** 2);
  return { size, pixels: all };
}

function hear(reply: TrainingReply): void {
  switch (reply.kind) {
    case 'run':
      showRun(reply.run);
      break;
    case 'phase':
      phase.value = reply.phase;
      keepAwake(working.value);
      break;
    case 'provider':
      provider.value = reply;
      break;
    case 'tick':
      batch(() => {
        // After a roll-back the lines that follow the checkpoint are gone.
        log.value = [...log.value.filter((line) => line.imagesSeen < reply.line.imagesSeen), reply.line];
        imagesSeen.value = reply.line.imagesSeen;
      });
      break;
    case 'progress':
      batch(() => {
        imagesSeen.value = reply.imagesSeen;
        imagesPerSecond.value = reply.imagesPerSecond;
      });
      break;
    case 'faces':
      faces.value = renewed(faces.value, reply);
      break;
    case 'morph':
      morph.value = renewed(morph.value, reply);
      break;
    case 'sheet':
      sheets.value = [...sheets.value.filter((sheet) => sheet.imagesSeen < reply.imagesSeen), reply];
      break;
    case 'guard':
      guardMessages.value = [...guardMessages.value, { message: reply.message, imagesSeen: imagesSeen.value }];
      break;
    case 'saved-model':
      savedModel.value = reply.name;
      void startEngine();
      break;
    case 'model-refused':
      notify(studioMessages.value.modelRefused(reply.detail));
      break;
    case 'zip':
      offerDownload(reply.name, reply.zip);
      notify(studioMessages.value.downloaded(reply.name));
      break;
    case 'discarded':
      forget();
      break;
    case 'measured':
      measured.value = reply;
      break;
    case 'failed':
      fail(reply);
      break;
  }
}

function fail(reason: { reason: FailureKind; detail: string }): void {
  batch(() => {
    failure.value = reason;
    phase.value = 'failed';
    if (measured.value === 'running') measured.value = null;
  });
  keepAwake(false);
}

function showRun(run: RunSummary | null): void {
  if (!run) {
    phase.value = 'none';
    return;
  }
  batch(() => {
    config.value = run.record.config;
    photoCount.value = run.record.dataset.count;
    imagesSeen.value = run.imagesSeen;
    log.value = run.log;
    sheets.value = run.sheets;
    phase.value = run.imagesSeen >= run.record.config.images ? 'done' : 'paused';
  });
}

function forget(): void {
  batch(() => {
    config.value = null;
    log.value = [];
    sheets.value = [];
    guardMessages.value = [];
    faces.value = null;
    morph.value = null;
    failure.value = null;
    imagesSeen.value = 0;
    phase.value = 'none';
  });
}

/** For support, tests and benchmarks: ?provider=wasm forces a provider, ?threads=2 the number of threads. */
function wantedCompute(): WantedCompute {
  const query = new URLSearchParams(location.search);
  const wanted = query.get('provider');
  const threads = Number(query.get('threads'));
  return {
    provider: wanted === 'wasm' || wanted === 'webgpu' ? wanted : 'best',
    threads: Number.isInteger(threads) && threads > 0 ? threads : null,
  };
}

export function begin(settings: Config, cuts: readonly string[], start: StartModel | null): void {
  forget();
  batch(() => {
    config.value = settings;
    photoCount.value = cuts.length;
    phase.value = 'loading';
  });
  ask({ kind: 'start', config: settings, cuts, start, compute: wantedCompute() });
}

export function goOn(): void {
  batch(() => {
    failure.value = null;
    phase.value = 'loading';
  });
  ask({ kind: 'go-on', compute: wantedCompute() });
}

export function measureSpeed(settings: Config): void {
  measured.value = 'running';
  ask({ kind: 'measure', config: settings, compute: wantedCompute() });
}

export const pause = () => ask({ kind: 'pause' });
export const discard = () => ask({ kind: 'discard' });
export const finish = (name: string) => ask({ kind: 'finish', name, taken: takenNames() });
export const downloadRun = () => ask({ kind: 'zip-run' });
export const downloadModel = (name: string) => ask({ kind: 'zip-model', name });

export const importModel = (files: readonly { path: string; bytes: Uint8Array<ArrayBuffer> }[]) =>
  ask({ kind: 'import-model', files, taken: takenNames() });

const takenNames = () => catalogue.peek().map(({ name }) => name);
