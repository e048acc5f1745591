/** @module Run folder -> model folder, and pictures by an exported model. */

export { type ExportOptions, type ExportResult, exportModel } from './export-model.ts';
export { ExportedModel, readManifest } from './exported-model.ts';
export { newestModel } from './newest-model.ts';
export { parityBounds } from './parity.ts';
