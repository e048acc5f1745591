/** @module DCGAN: networks, losses, the training step, its settings and the guard. Runs wherever ONNX Runtime runs. */
export { type FoldedGenerator, foldGenerator } from './model/fold-generator.ts';
export { encodeGenerator, generatorGraph } from './model/generator-graph.ts';
export { meanCheckpoint } from './model/mean-checkpoint.ts';
export { type DescribedFile, describeModel } from './model/model-manifest.ts';
export { checkParity, checkPixels, type Parity, ParityMeter, parityBounds } from './model/parity.ts';
export { trainedGenerator } from './model/trained-generator.ts';
export { joined, trainingWeights } from './model/training-weights.ts';
export { BATCH_NORM_EPSILON, normaliseByStatistics } from './networks/batch-norm.ts';
export { generator, generatorStatistics, SPREADING } from './networks/generator.ts';
export { attentionLevel, channelsAt, doublings, type NetworkConfig, type Tensors } from './networks/network.ts';
export { attentionParameters, selfAttention } from './networks/self-attention.ts';
export { configFrom, configSchema, conflictIn, recordedSchema } from './settings/config.ts';
export { flagOf, optionName, quoted, settingFlag } from './settings/flags.ts';
export { grownConfig, grows } from './settings/grown-config.ts';
export { decay } from './settings/learning-rates.ts';
export { changedFromPreset, presetConfig, presetOf } from './settings/presets.ts';
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
export { networkSettings, transferredSettings } from './settings/transferred-settings.ts';
export { adam, adamCorrections } from './step/adam.ts';
export { drawAugmentations } from './step/augment.ts';
export { type Batch, Gan, type LearningRates } from './step/gan.ts';
export { type CreateNetworks, type Networks, SAMPLE_BATCH, SAMPLES, type StepValues } from './step/networks.ts';
export { createOnnxNetworks, loweringFor } from './step/onnx-networks.ts';
export {
  eachOverfittingNumber,
  OVERFITTING_NUMBERS,
  type OverfittingNumbers,
  overfittingInputs,
  overfittingStep,
} from './step/overfitting-step.ts';
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
export {
  type CheckpointManifest,
  checkCheckpointFile,
  checkpointFrom,
  checkpointName,
  damaged,
  jsonBytes,
  MANIFEST_FILE,
  parseCheckpointManifest,
  STATE_FILE,
  WEIGHTS_FILE,
} from './training/checkpoint-files.ts';
export { DataOrder } from './training/data-order.ts';
export { grownNetworks } from './training/grow.ts';
export { collapsedLossD, divergedLossD, identicalDiversity } from './training/guard.ts';
export { splitPhotos } from './training/held-out.ts';
export type { LogLine, RunEvent } from './training/log-line.ts';
export { photoDiversity } from './training/photo-diversity.ts';
export { type DatasetRecord, parseRunRecord, type RunRecord, type SourceRecord } from './training/run-record.ts';
export type { Checkpoint, RunStore } from './training/run-store.ts';
export { parseSafetensors, type StoredType, safetensorsPieces } from './training/safetensors.ts';
export { TickMeans } from './training/tick-means.ts';
export { type TrainingResult, train } from './training/train.ts';
export { transferable, transferredState } from './training/transfer.ts';
