/** @module Exported models on disk: find, read, check and run them. */
export { ExportedModel } from './exported-model.ts';
export { readManifest, replaceFields, writeManifest } from './manifest-file.ts';
export { type ModelFolder, readModelFolder, readTrainingWeights } from './model-folder.ts';
export { type ListedModel, listModels, newestModel } from './newest-model.ts';
