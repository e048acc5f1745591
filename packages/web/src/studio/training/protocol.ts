/** @module The messages between the page and its training worker. */
import type { Config, LogLine, RunRecord, StepNumbers } from '@latent-dogs/dcgan';
import type { ModelManifest } from '@latent-dogs/latent';
import type { ProviderName } from '../../engine/protocol.ts';

/** A model to start from: its model.json and its training.safetensors. */
export interface StartModel {
  manifest: ModelManifest;
  /** Address of the file, or the file itself if the model is on this device. */
  weights: string | Blob;
}

/** What should compute. `threads` null: all cores but one. */
export interface WantedCompute {
  provider: ProviderName | 'best';
  threads: number | null;
}

export type TrainingRequest =
  /** Tells what run there is. */
  | { kind: 'open' }
  /** `cuts`: names of the photos' cut files, in order. `start` null: random weights. */
  | {
      kind: 'start';
      config: Config;
      cuts: readonly string[];
      start: StartModel | null;
      compute: WantedCompute;
    }
  | { kind: 'go-on'; compute: WantedCompute }
  | { kind: 'pause' }
  /** Makes a model of the newest checkpoint. Pauses the training first. */
  | { kind: 'finish'; name: string; taken: readonly string[] }
  /** Keeps a model that came as files. */
  | {
      kind: 'import-model';
      files: readonly { path: string; bytes: Uint8Array<ArrayBuffer> }[];
      taken: readonly string[];
    }
  /** Pauses the training first. */
  | { kind: 'zip-run' }
  | { kind: 'zip-model'; name: string }
  /** Deletes the run. */
  | { kind: 'discard' }
  /** Takes training steps on random pictures to see how fast they are. Pauses the training first. */
  | { kind: 'measure'; config: Config; compute: WantedCompute }
  /** How many of the fixed faces are looked at: 0 if nobody looks at the page, and nothing is drawn then. */
  | { kind: 'watch'; faces: number };

export interface RunSummary {
  record: RunRecord;
  /** At the newest checkpoint. */
  imagesSeen: number;
  log: readonly LogLine[];
  sheets: readonly { imagesSeen: number; png: Blob }[];
}

/** Why training failed, in a form that the page explains. */
export type FailureKind =
  | 'quota'
  | 'memory'
  | 'other-tab'
  | 'no-storage'
  | 'no-simd'
  | 'guard'
  | 'download'
  | 'damaged'
  | 'unknown';

/** How fast a provider takes training steps. `firstStep`: milliseconds, with all preparation. */
export interface Speed {
  provider: ProviderName;
  threads: number;
  firstStep: number;
  imagesPerSecond: number;
}

export type Tick = LogLine & StepNumbers;

export type PreviewKind = 'faces' | 'morph';

export type TrainingReply =
  | { kind: 'run'; run: RunSummary | null }
  | { kind: 'phase'; phase: 'loading' | 'tracing' | 'training' | 'paused' | 'done' | 'saving' }
  /** What computes. `fellBack`: the graphics device was lost, and WebAssembly goes on from the last checkpoint. */
  | { kind: 'provider'; provider: ProviderName; threads: number; fellBack: boolean; note: string }
  | { kind: 'tick'; line: Tick }
  /** A step was taken; at most a few a second. */
  | { kind: 'progress'; imagesSeen: number; imagesPerSecond: number }
  /** Some of the fixed faces, or of the pictures of a closed walk, by the model as it is now: RGBA [N, size, size, 4]. */
  | { kind: PreviewKind; from: number; of: number; size: number; pixels: Uint8ClampedArray<ArrayBuffer> }
  /** A sheet that the run keeps, for the time-lapse. */
  | { kind: 'sheet'; imagesSeen: number; png: Blob }
  | { kind: 'guard'; message: string }
  | { kind: 'saved-model'; name: string }
  /** Files that came as a model are none, or damaged. */
  | { kind: 'model-refused'; detail: string }
  | { kind: 'zip'; name: string; zip: Blob }
  | { kind: 'discarded' }
  /** `adapter`: the graphics card as the browser names it; `note`: why not WebGPU. */
  | { kind: 'measured'; config: Config; speeds: readonly Speed[]; adapter: string; note: string }
  | { kind: 'failed'; reason: FailureKind; detail: string };
