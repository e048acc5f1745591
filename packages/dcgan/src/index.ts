/** @module DCGAN: networks, losses, the training step, its settings and the guard. Runs wherever ONNX Runtime runs. */
export { BATCH_NORM_EPSILON, normaliseByStatistics } from './networks/batch-norm.ts';
export { generator, generatorStatistics, SPREADING } from './networks/generator.ts';
export { attentionLevel, channelsAt, doublings, type NetworkConfig, type Tensors } from './networks/network.ts';
export { attentionParameters, selfAttention } from './networks/self-attention.ts';
export { configSchema, conflictIn, recordedSchema } from './settings/config.ts';
export { flagOf, optionName, quoted, settingFlag } from './settings/flags.ts';
export { decay } from './settings/learning-rates.ts';
export { changedFromPreset, presetConfig } from './settings/presets.ts';
export { isLegal, type Setting } from './settings/setting.ts';
export {
  type Config,
  mayChange,
  type RecordedSettings,
  recordedNames,
  type SettingName,
  settingNames,
  settings,
} from './settings/settings.ts';
export { adam, adamCorrections } from './step/adam.ts';
export { drawAugmentations } from './step/augment.ts';
export { type Batch, Gan, type LearningRates } from './step/gan.ts';
export { type CreateNetworks, type Networks, SAMPLES, type StepValues } from './step/networks.ts';
export { createOnnxNetworks, loweringFor } from './step/onnx-networks.ts';
export {
  averagedGenerator,
  initialState,
  type StateConfig,
  stateDefinitions,
  stateSpecs,
  type Tensor,
} from './step/state.ts';
export { samplingStep, stepInputs, trainingStep } from './step/step.ts';
export {
  allFinite,
  eachStepNumber,
  finiteOrNull,
  STEP_NUMBERS,
  type StepNumber,
  type StepNumbers,
} from './step/step-numbers.ts';
export { Ada } from './training/ada.ts';
export { Batches } from './training/batches.ts';
export { DataOrder } from './training/data-order.ts';
export { collapsedLossD, divergedLossD, identicalDiversity } from './training/guard.ts';
export type { LogLine, RunEvent } from './training/log-line.ts';
export { photoDiversity } from './training/photo-diversity.ts';
export type { Checkpoint, RunStore } from './training/run-store.ts';
export { parseSafetensors, safetensorsPieces } from './training/safetensors.ts';
export { TickMeans } from './training/tick-means.ts';
export { type TrainingResult, train } from './training/train.ts';
