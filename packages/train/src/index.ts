/** @module What an export needs of a training: its network, its run folders, its settings and how its commands read arguments. */
export { choice, number, parseArguments, text } from './command-line.ts';
export type { Config } from './config.ts';
export { chooseDevice } from './device.ts';
export { BATCH_NORM_EPSILON, normaliseByStatistics } from './model/batch-norm.ts';
export { generator } from './model/generator.ts';
export { attentionLevel, channelsAt, doublings, type NetworkConfig } from './model/network.ts';
export { attentionParameters, selfAttention } from './model/self-attention.ts';
export { type StateConfig, stateDefinitions, stateSpecs } from './model/state.ts';
export { samplingStep } from './model/step.ts';
export { presetConfig } from './presets.ts';
export { syncFolder } from './run/atomic-file.ts';
export { type Checkpoint, latestCheckpoint, readCheckpoint, writeCheckpoint } from './run/checkpoint.ts';
export { readLog } from './run/log.ts';
export { createRun, findRun } from './run/run-folder.ts';
export { type RunRecord, readRunRecord } from './run/run-record.ts';
export type { Tensor } from './run/safetensors.ts';
export { trainCommands } from './train-command.ts';
