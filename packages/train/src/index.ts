/** @module What an export needs of a training: its network, its run folders and its settings. */
export type { Config } from './config.ts';
export { chooseDevice } from './device.ts';
export { BATCH_NORM_EPSILON, normaliseByStatistics } from './model/batch-norm.ts';
export { generator } from './model/generator.ts';
export { channelsAt, doublings, type NetworkConfig } from './model/network.ts';
export { type StateConfig, stateDefinitions, stateSpecs } from './model/state.ts';
export { samplingStep } from './model/step.ts';
export { changedFromPreset, presetConfig } from './presets.ts';
export { syncFolder } from './run/atomic-file.ts';
export { type Checkpoint, latestCheckpoint, readCheckpoint, writeCheckpoint } from './run/checkpoint.ts';
export { readLog } from './run/log.ts';
export { createRun, findRun } from './run/run-folder.ts';
export { type RunRecord, readRunRecord } from './run/run-record.ts';
export type { Tensor } from './run/safetensors.ts';
