/** @module DCGAN: networks, losses, the training step, its settings and the guard; runs wherever an ONNX Runtime does. */
export { BATCH_NORM_EPSILON, normaliseByStatistics } from './networks/batch-norm.ts';
export { generator, generatorParameters, generatorStatistics } from './networks/generator.ts';
export { attentionLevel, channelsAt, doublings, type NetworkConfig, type Tensors } from './networks/network.ts';
export { attentionParameters, selfAttention } from './networks/self-attention.ts';
export { configSchema, conflictIn, recordedSchema } from './settings/config.ts';
export { flagOf, optionName, quoted, settingFlag } from './settings/flags.ts';
export { decay } from './settings/learning-rates.ts';
export { changedFromPreset, presetConfig } from './settings/presets.ts';
export type { Setting } from './settings/setting.ts';
export {
  type Config,
  mayChange,
  type RecordedSettings,
  recordedNames,
  type SettingName,
  settingNames,
  settings,
} from './settings/settings.ts';
export { adamStep } from './step/adam.ts';
export { drawAugmentations } from './step/augment.ts';
export { type Networks, SAMPLES, STEP_OUTPUTS, type StepOutputs, type StepValues } from './step/networks.ts';
export { initialState, type StateConfig, stateDefinitions, stateSpecs } from './step/state.ts';
export { LOSS_SCALE, samplingStep, stepInputs, trainingStep } from './step/step.ts';
export { DataOrder, type DataOrderState } from './training/data-order.ts';
export { flipHorizontally } from './training/flip.ts';
export { alike, collapsedLossD, divergedLossD, type Failure, Guard, type GuardState } from './training/guard.ts';
export { GuardPolicy, type GuardPolicyState } from './training/guard-policy.ts';
export { parseSafetensors, safetensorsPieces, type Tensor } from './training/safetensors.ts';
export { TickMeans, type TickSums } from './training/tick-means.ts';
